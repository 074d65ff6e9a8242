/** The house's arrows. What is not allowed here is an error in `npm run check:arrows`. */
const domain = (name) => `^app/domain/${name}/`;
const only = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to });

export default {
  forbidden: [
    only('no-circles', {}, { circular: true }, 'Two files that need each other are one file, or three.'),
    only(
      'db-and-emails-know-nothing',
      { path: '^(db|emails|locales)/' },
      { path: '^(app|server|bin)/?' },
      'They import nothing from app.',
    ),
    only('db-stands-alone', { path: '^db/' }, { path: '^(emails|locales)/' }, 'The database knows no mail.'),
    only(
      'domain-knows-no-web',
      { path: '^app/domain/' },
      { path: '^app/(routes|auth|ui|http|inbound)/|node_modules/(@remix-run|react)' },
      'No React, no Remix, no HTTP in the domain.',
    ),
    only(
      'ui-knows-no-database',
      { path: '^app/ui/' },
      { path: '\\.server\\.|^db/(?!schema)', dependencyTypesNot: ['type-only'] },
      'Components are browser-safe. A type leaves nothing in the browser.',
    ),
    only(
      'ui-knows-no-web',
      { path: '^app/ui/' },
      { path: '^app/(routes|auth|http)/' },
      'Screens use components, not the other way.',
    ),
    only('auth-knows-no-screens', { path: '^app/auth/' }, { path: '^app/(routes|ui)/' }, 'routes → auth'),
    only(
      'routes-are-roots',
      { path: '^(app|db|emails|locales|bin|server\\.ts)' },
      { path: '^app/routes/' },
      'A screen is asked for by its address; what two of them share belongs in ui or domain.',
    ),
    only(
      'routes-write-nothing',
      { path: '^app/routes/' },
      { path: '^db/write' },
      "A screen asks for a command; its transaction is the domain's.",
    ),
    only(
      'only-auth-knows-lucia',
      { pathNot: '^app/auth/lucia\\.server\\.ts$' },
      { path: 'node_modules/lucia/' },
      'The rest knows Viewer.',
    ),
    only(
      'only-transport-knows-nodemailer',
      { path: '^(app|db|emails)/', pathNot: '^app/domain/mail/transport\\.server\\.ts$' },
      { path: 'node_modules/nodemailer/' },
      'One place opens SMTP connections.',
    ),
    only(
      'mail-is-a-leaf',
      { path: domain('mail') },
      { path: domain('(?!mail)[a-z]+') },
      'Anyone may use mail; mail uses nobody.',
    ),
    only(
      'account-is-below',
      { path: domain('account') },
      { path: domain('(?!account|mail)[a-z]+') },
      'account ← everything',
    ),
    only(
      'conference-is-below',
      { path: domain('conference') },
      { path: domain('(?!conference|account|mail)[a-z]+') },
      'conference ← submission',
    ),
    only(
      'submission-is-below',
      { path: domain('submission') },
      { path: domain('(?!submission|conference|account|mail)[a-z]+') },
      'submission ← review, programme, message',
    ),
    only(
      'review-beside',
      { path: domain('review') },
      { path: domain('(programme|message)') },
      'review knows neither of its neighbours',
    ),
    only(
      'message-beside',
      { path: domain('message') },
      { path: domain('(review|programme)') },
      'message knows neither of its neighbours',
    ),
    only(
      'conduct-is-above',
      { path: domain('(?!conduct)[a-z]+') },
      { path: domain('conduct') },
      'message ← conduct: nobody else needs to know what was reported',
    ),
    only(
      'authorship-is-above',
      { path: domain('(?!authorship)[a-z]+') },
      { path: domain('authorship') },
      'submission, message, review ← authorship: the answer to "is it yours?" moves what waited for it elsewhere',
    ),
    only(
      'programme-beside',
      { path: domain('programme') },
      { path: domain('(review|message|conduct)') },
      'programme knows neither of its neighbours',
    ),
    only(
      'no-dev-in-production',
      { path: '^(app|db|emails|locales|server\\.ts)' },
      { dependencyTypes: ['npm-dev'], pathNot: '(@types/|@remix-run/route-config|@remix-run/dev|node_modules/vite/)' },
      'What runs is a dependency.',
    ),
    only(
      'no-unresolved',
      { path: '^(app|db|emails|locales|server)' },
      { couldNotResolve: true, pathNot: '(^virtual:|\\?url$)' },
      'Every import resolves.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What bin/ loads once it is built is these same sources.
    exclude: { path: '^build/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
