import { COMMON, COUNTRIES, OTHER_SCRIPTS } from './top-level-domains';

/**
 * Refused in names, since the mail that carries them is ours and mail programs make links of them: `@`, `://`, `www.`, and
 * whatever has the shape of a host. `J.R.R. Tolkien`, `J.de Vries` and `Prof.dr.sc. Ivan Horvat` are names: an initial or a
 * title before the dot is no host. Takes time in proportion to the text.
 */
export function looksLikeLink(text: string): boolean {
  const plain = text
    .replace(IGNORABLE, '')
    .normalize('NFKC')
    // Browsers read it as a dot (UTS 46).
    .replaceAll('\u3002', '.');
  if (/@|:\/\/|=\?|\bwww\./i.test(plain)) return true;
  const inverted = plain.indexOf(',');
  for (const { 0: run, index } of plain.matchAll(RUN)) {
    if (!run.includes('.')) continue;
    const end = index + run.length;
    const place: Place = {
      first: !/[\p{L}\p{N}]/u.test(plain.slice(Math.max(0, index - 1), index)) && plain.slice(0, index).trim() === '',
      slash: plain[end] === '/' || plain[end] === ':',
      // A name goes on after its particle, but where it is turned round: `Vries, J.de`.
      goesOn: /^['’]?\s+['’]?[\p{L}\p{M}]/u.test(plain.slice(end, end + 4)) || (inverted !== -1 && inverted < index),
    };
    if (hostIn(run.split('.'), place)) return true;
  }
  return false;
}

const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
const RUN = /[\p{L}\p{M}\p{N}.-]+/gu;

interface Place {
  /** At the beginning of the text. */
  first: boolean;
  /** A path or a port follows. */
  slash: boolean;
  goesOn: boolean;
}

function hostIn(labels: string[], place: Place): boolean {
  if (NUMBERS.test(labels.join('.'))) return true;
  // Whether what stands before is only titles and initials: then `de` is a particle, else it may be Germany's domain.
  let titled = true;
  for (let at = 0; at + 1 < labels.length; at++) {
    const left = labels[at]!.replace(/^-+/, '');
    const right = labels[at + 1]!;
    const kind = kindOf(left, titled && at > 0);
    titled &&= kind !== 'word' && (place.first || /^\p{Lu}|^\p{Lo}/u.test(labels[0]!.replace(/^-+/, '')));
    if (!left) continue;
    const last = at + 2 === labels.length;
    if (last && place.slash && letters(right) >= 2 && letters(left) >= 1) return true;
    if (isHost(kind, left, right, titled && last && place.goesOn)) return true;
  }
  return false;
}

/** Numbers of the network (RFC 791), and names that are encoded (RFC 5891). */
const NUMBERS = /^\d{1,3}(?:\.\d{1,3}){3}$|(?:^|\.)xn--/i;

type Kind = 'initial' | 'title' | 'word';

function kindOf(label: string, afterTitle: boolean): Kind {
  const lower = label.toLowerCase();
  if (TITLES.has(lower) || (afterTitle && DEGREES.has(lower))) return 'title';
  // One ideograph is a whole word, and a host that somebody may own.
  if (/^(?:\p{L}\p{M}*-?)+$/u.test(label) && label.split('-').every(isInitial) && !WHOLE_WORDS.test(label))
    return 'initial';
  return 'word';
}

function isInitial(part: string): boolean {
  return (
    letters(part) === 1 || /^(?:Chr?|Th|Ph|Sh|Kh|Zh|Ts|Dz|Dj|Cs|Sz|Zs|Gy|Yu|Ya|Ju|Ja|Jos|Joh|Wm|Geo|Chas)$/.test(part)
  );
}

const WHOLE_WORDS = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;

function letters(label: string): number {
  return label.match(/\p{L}/gu)?.length ?? 0;
}

/** Whether `left.right` may be read as a host. */
function isHost(kind: Kind, left: string, right: string, particle: boolean): boolean {
  const word = /^\p{L}[\p{L}\p{M}]*/u.exec(right)?.[0] ?? '';
  const lower = word.toLowerCase();
  if (letters(word) < 2) return false;
  // No top-level domain mixes alphabets (ICANN's rules for them), but a reader does not see it.
  if (/\p{Script=Latin}/u.test(word) && /\p{Script=Cyrillic}|\p{Script=Greek}/u.test(word)) return true;
  const whole = word === right;
  const known = whole && (OTHER_SCRIPTS.has(lower) || COUNTRIES.has(lower) || COMMON.has(lower));
  const cased = /^\p{Lu}+$/u.test(word) ? 'upper' : /^\p{Ll}+$/u.test(word) ? 'lower' : 'mixed';
  if (kind === 'word') {
    // Shaped like one, known or not: domains are added every month.
    const small = cased === 'lower' || /^\p{Ll}{2}/u.test(word);
    const shaped = /[\p{Ll}\p{N}-]{2,}$/u.test(left) && small;
    const capital = /[\p{Lu}\p{N}-]{2,}$/u.test(left) && /^\p{Lu}{2}/u.test(word);
    return shaped || capital || known;
  }
  if (OTHER_SCRIPTS.has(lower) && WHOLE_WORDS.test(word)) return true;
  if (PARTICLES.has(lower)) return known && cased === 'lower' && !particle;
  if (TITLES.has(lower) || DEGREES.has(lower)) return false;
  // `J.Li`, `Dr.WANG` and `K.Page` are people; `X.Com` is a host however it is written.
  return cased === 'lower' ? known : whole && NEVER_SURNAMES.has(lower);
}

const words = (text: string) => new Set(text.split(' '));

const NEVER_SURNAMES = words('com org net info biz edu gov io me uk xyz app dev online site shop website');

const PARTICLES = words(
  'a af al el an ap av ab abu aw bar bat ben bin bint binti binte d da dal dalla de degli dei del della delle den der des ' +
    'des di do dos du e el es et fitz i ibn in la las le les li lo los mac mc ní o of och op os ou st san santa sankt santo ' +
    'sri te ten ter tho thoe to und uit van vande vanden vander vd ver von vom y z ze zu zum zur ' +
    'де ди да дель дер ван вон фон ибн аль эль бен бин оглы кызы уулу углы угли кизи',
);

/** What stands before a name. Each may begin it. */
const TITLES = words(
  'prof professor dr drs dres mr mrs ms mx st ste sir dame jr sr ir ing inz inž inż dipl dipl-ing mag mgr msgr mons lic licdo ' +
    'dott dottssa doc docent doz priv-doz pd univ univ-prof assoc asst ass assist hon rev fr br bro pr akad acad prim primar ' +
    'mudr judr phdr rndr paeddr thdr mvdr pharmdr phmr thlic artd csc drsc phd msc bsc ba ma mba bc lt col gen capt maj sgt cpt ' +
    'mme mlle mm sra srta dra profa eng arq avv arch hab lek yrd doç öğr gör arş uzm op av ord pgs gs ts ths bs kan kand cand ' +
    'sh shri smt ust ustadh hj kh ' +
    'проф профессор доц доцент др д-р д-рка акад академик канд ст преп асс асист инж магистр маг гл рук св о отец г-н г-жа чл-корр ' +
    'καθ δρ αν επ',
);

/** What stands after a title only: by itself it may be a host (`med.de`). */
const DEGREES = words(
  'med phil philol sc scient nat rer pol jur iur jur oec oecon theol vet dent mont techn tech agr agric hort silv forest cult paed pead ' +
    'ped psych psychol soc publ comm inf math biol geol geogr hist hum stom pharm ed arts art mus litt lit h c hc em emer ret ' +
    'habil hab hum spec univ et ing arch mult dr est kult ' +
    'мед ист филол филос физ мат физ-мат тех техн хим биол геогр геол эк экон юр юрид псих психол пед полит соц социол искусств архит наук н ' +
    'сельхоз с-х вет фарм культ культурол воен ' +
    'üyesi gör dr',
);
