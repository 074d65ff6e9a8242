import { index, prefix, type RouteConfig, route } from '@remix-run/route-config';

/** Every address of the portal, but for the door that mail comes in by (app/http/portal.server.ts). */
export default [
  index('routes/public/home.tsx'),

  route('sign-in', 'routes/account/sign-in.tsx'),
  route('sign-in/link/:token', 'routes/account/sign-in-link.tsx'),
  route('sign-in/passkey', 'routes/account/passkey-sign-in.tsx'),
  route('sign-out', 'routes/account/sign-out.ts'),
  route('account', 'routes/account/account.tsx'),
  route('account/security', 'routes/account/security.tsx'),
  route('account/passkeys', 'routes/account/passkeys.tsx'),
  route('account/passkeys/challenge', 'routes/account/passkey-challenge.ts'),
  route('account/letters', 'routes/account/rules.tsx'),
  route('account/address/:token', 'routes/account/address.tsx'),
  route('letters/:token', 'routes/messages/letter.tsx'),
  route('confirm/:token', 'routes/messages/confirm.tsx'),
  route('authorship/:token', 'routes/author/asked.tsx'),

  route('health', 'routes/api/health.ts'),
  route('metrics', 'routes/api/metrics.ts'),
  route('dev/mail', 'routes/dev/mails.tsx'),
  route('dev/mail/:id', 'routes/dev/mail.tsx'),

  ...prefix(':conference', [
    index('routes/public/conference.tsx'),
    route('programme', 'routes/public/programme.tsx'),
    route('papers/:ref', 'routes/public/paper.tsx'),
    route('papers/:ref/star', 'routes/public/star.ts'),
    route('papers/:ref/message', 'routes/messages/write.tsx'),
    route('schedule', 'routes/public/schedule.tsx'),
    route('messages', 'routes/messages/threads.tsx'),
    route('messages/:thread', 'routes/messages/thread.tsx'),
    route('messages/:thread/part', 'routes/messages/part.ts'),
    route('messages/:thread/news', 'routes/messages/news.ts'),
    route('messages/:thread/export', 'routes/messages/export.ts'),
    route('messages/:thread/report/:message', 'routes/messages/report.tsx'),

    route('submit', 'routes/author/submit.tsx'),
    route('submissions', 'routes/author/submissions.tsx'),
    route('submissions/:ref', 'routes/author/submission.tsx'),
    route('submissions/:ref/authorship', 'routes/author/authorship.tsx'),

    route('review', 'routes/review/list.tsx'),
    route('review/:ref', 'routes/review/submission.tsx'),
    route('review/:ref/decide', 'routes/review/decide.tsx'),
    route('review/:ref/byline', 'routes/review/byline.tsx'),

    route('conduct', 'routes/conduct/reports.tsx'),
    route('conduct/:report', 'routes/conduct/report.tsx'),

    route('organise', 'routes/organise/conference.tsx'),
    route('organise/choices', 'routes/organise/choices.tsx'),
    route('organise/people', 'routes/organise/people.tsx'),
    route('organise/mail', 'routes/organise/mail.tsx'),
  ]),

  route('*', 'routes/public/nothing.tsx'),
] satisfies RouteConfig;
