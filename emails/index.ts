import { accountChanged } from './account-changed';
import { addAddress } from './add-address';
import { authorAsked } from './author-asked';
import { conductNamed } from './conduct-named';
import { conductNotice } from './conduct-notice';
import { confirmMessage } from './confirm-message';
import { decision } from './decision';
import { decisionTakenBack } from './decision-taken-back';
import { invitation } from './invitation';
import type { MailTemplate } from './mail';
import { messageAsked } from './message-asked';
import { messageReported } from './message-reported';
import { relayedMessage } from './relayed-message';
import { replyHeld } from './reply-held';
import { replyNotice } from './reply-notice';
import { signInLink } from './sign-in-link';
import { submissionReceived } from './submission-received';

/** Every mail that the portal sends. */
// biome-ignore lint/suspicious/noExplicitAny: each template has props of its own
export const mails: MailTemplate<any>[] = [
  signInLink,
  confirmMessage,
  addAddress,
  accountChanged,
  authorAsked,
  relayedMessage,
  messageAsked,
  replyHeld,
  replyNotice,
  messageReported,
  conductNotice,
  conductNamed,
  submissionReceived,
  decision,
  decisionTakenBack,
  invitation,
];
