/** How mail programs introduce what they quote, in a language. `{date}`, `{time}`, `{who}`: name and address. */
export interface ClientLanguage {
  code: string;
  /** As a line above a quotation. */
  wrote: string;
  /** As a block of headers: from, sent, to, subject. */
  labels: [from: string, sent: string, to: string, subject: string];
  original: string;
  date: string;
}

const row = (
  code: string,
  date: string,
  wrote: string,
  labels: ClientLanguage['labels'],
  original: string,
): ClientLanguage => ({ code, date, wrote, labels, original });

export const LANGUAGES: ClientLanguage[] = [
  row(
    'en',
    'Thu, Nov 26, 2026',
    'On {date} at {time}, {who} wrote:',
    ['From', 'Sent', 'To', 'Subject'],
    'Original Message',
  ),
  row(
    'de',
    'Do., 26. Nov. 2026',
    'Am {date} um {time} Uhr schrieb {who}:',
    ['Von', 'Gesendet', 'An', 'Betreff'],
    'Ursprüngliche Nachricht',
  ),
  row(
    'fr',
    'jeu. 26 nov. 2026',
    'Le {date} à {time}, {who} a écrit :',
    ['De', 'Envoyé', 'À', 'Objet'],
    "Message d'origine",
  ),
  row(
    'es',
    'jue, 26 nov 2026',
    'El {date} a las {time}, {who} escribió:',
    ['De', 'Enviado', 'Para', 'Asunto'],
    'Mensaje original',
  ),
  row(
    'pt',
    'qui., 26 de nov. de 2026',
    'Em {date} às {time}, {who} escreveu:',
    ['De', 'Enviado', 'Para', 'Assunto'],
    'Mensagem original',
  ),
  row(
    'it',
    'gio 26 nov 2026',
    'Il giorno {date} alle ore {time} {who} ha scritto:',
    ['Da', 'Inviato', 'A', 'Oggetto'],
    'Messaggio originale',
  ),
  row(
    'nl',
    'do 26 nov 2026',
    'Op {date} om {time} schreef {who}:',
    ['Van', 'Verzonden', 'Aan', 'Onderwerp'],
    'Oorspronkelijk bericht',
  ),
  row(
    'pl',
    'czw., 26 lis 2026',
    '{date} o {time} {who} napisał(a):',
    ['Od', 'Wysłano', 'Do', 'Temat'],
    'Oryginalna wiadomość',
  ),
  row(
    'cs',
    'čt 26. 11. 2026',
    '{date} v {time} odesílatel {who} napsal:',
    ['Od', 'Odesláno', 'Komu', 'Předmět'],
    'Původní zpráva',
  ),
  row(
    'uk',
    'чт, 26 лист. 2026 р.',
    '{date} о {time} {who} пише:',
    ['Від', 'Надіслано', 'Кому', 'Тема'],
    'Вихідне повідомлення',
  ),
  row(
    'ru',
    'чт, 26 нояб. 2026 г.',
    '{date} в {time}, {who}:',
    ['От', 'Отправлено', 'Кому', 'Тема'],
    'Исходное сообщение',
  ),
  row(
    'kk',
    '2026 ж. 26 қар., бс',
    '{date}, {time} {who} деген жазды:',
    ['Кімнен', 'Жіберілді', 'Кімге', 'Тақырыбы'],
    'Бастапқы хабар',
  ),
  row(
    'uz',
    'pay, 26-noy, 2026',
    '{date} {time} da {who} yozdi:',
    ['Kimdan', 'Yuborildi', 'Kimga', 'Mavzu'],
    'Asl xabar',
  ),
  row(
    'ky',
    '2026-ж., 26-ноя., бш',
    '{date}, саат {time} {who} жазды:',
    ['Кимден', 'Жөнөтүлдү', 'Кимге', 'Тема'],
    'Түпнуска кат',
  ),
  row(
    'tr',
    '26 Kas 2026 Per',
    '{who}, {date} tarihinde şunu yazdı:',
    ['Kimden', 'Gönderilme', 'Kime', 'Konu'],
    'Özgün İleti',
  ),
  row(
    'az',
    '26 noy 2026, C.a',
    '{who} {date}, {time} tarixində yazdı:',
    ['Kimdən', 'Göndərildi', 'Kimə', 'Mövzu'],
    'Orijinal mesaj',
  ),
  row('fa', 'پنجشنبه ۵ آذر ۱۴۰۵', 'در تاریخ {date}، {time} {who} نوشت:', ['از', 'ارسال', 'به', 'موضوع'], 'پیام اصلی'),
  row(
    'ar',
    'الخميس، 26 نوفمبر 2026',
    'في {date} في {time} تمت كتابة ما يلي بواسطة {who}:',
    ['من', 'أُرسلت', 'إلى', 'الموضوع'],
    'الرسالة الأصلية',
  ),
  row(
    'he',
    'יום ה׳, 26 בנוב׳ 2026',
    '‫בתאריך {date} ב-{time} מאת {who}:',
    ['מאת', 'נשלח', 'אל', 'נושא'],
    'הודעה מקורית',
  ),
  row('zh', '2026年11月26日周四', '{who} 于{date} {time}写道：', ['发件人', '发送时间', '收件人', '主题'], '原始邮件'),
  row('ja', '2026年11月26日(木)', '{date} {time} {who}:', ['差出人', '送信日時', '宛先', '件名'], '元のメッセージ'),
  row(
    'ko',
    '2026년 11월 26일 (목)',
    '{date} 오전 {time}, {who}님이 작성:',
    ['보낸 사람', '보낸 날짜', '받는 사람', '제목'],
    '원본 메시지',
  ),
  row(
    'vi',
    'Th 5, 26 thg 11, 2026',
    'Vào {date} vào lúc {time} {who} đã viết:',
    ['Từ', 'Đã gửi', 'Đến', 'Chủ đề'],
    'Thư gốc',
  ),
  row(
    'id',
    'Kam, 26 Nov 2026',
    'Pada {date} pukul {time} {who} menulis:',
    ['Dari', 'Dikirim', 'Kepada', 'Perihal'],
    'Pesan Asli',
  ),
  row('hi', 'गुरु, 26 नव॰ 2026', '{date} को {time} बजे {who} ने लिखा:', ['प्रेषक', 'भेजा गया', 'प्रति', 'विषय'], 'मूल संदेश'),
  row(
    'ka',
    'ხუთ, 26 ნოე. 2026',
    '{date}, {time} {who} დაწერა:',
    ['გამგზავნი', 'გაგზავნილია', 'მიმღები', 'თემა'],
    'საწყისი შეტყობინება',
  ),
  row(
    'hu',
    '2026. nov. 26., Cs',
    '{who} ezt írta (időpont: {date}, {time}):',
    ['Feladó', 'Elküldve', 'Címzett', 'Tárgy'],
    'Eredeti üzenet',
  ),
  row(
    'ro',
    'joi, 26 nov. 2026',
    'În {date} la {time}, {who} a scris:',
    ['De la', 'Trimis', 'Către', 'Subiect'],
    'Mesaj original',
  ),
  row(
    'el',
    'Πέμ, 26 Νοε 2026',
    'Στις {date} στις {time}, ο χρήστης {who} έγραψε:',
    ['Από', 'Στάλθηκε', 'Προς', 'Θέμα'],
    'Αρχικό μήνυμα',
  ),
  row(
    'fi',
    'to 26. marrask. 2026',
    '{date} klo {time} {who} kirjoitti:',
    ['Lähettäjä', 'Lähetetty', 'Vastaanottaja', 'Aihe'],
    'Alkuperäinen viesti',
  ),
  row(
    'sv',
    'tors 26 nov. 2026',
    'Den {date} kl {time} skrev {who}:',
    ['Från', 'Skickat', 'Till', 'Ämne'],
    'Ursprungligt meddelande',
  ),
  row(
    'da',
    'tor. 26. nov. 2026',
    'Den {date} kl. {time} skrev {who}:',
    ['Fra', 'Sendt', 'Til', 'Emne'],
    'Oprindelig meddelelse',
  ),
];
