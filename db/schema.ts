import type { Generated } from 'kysely';

/**
 * The tables, as TypeScript. Portable columns only: ids are UUIDv7 text, instants are ISO 8601 UTC text with
 * milliseconds, dates are YYYY-MM-DD, booleans are 0 or 1, JSON is text. Brands keep them apart.
 */
declare const brand: unique symbol;
type Brand<T, Name> = T & { readonly [brand]: Name };

export type Id<Table extends string> = Brand<string, `id of ${Table}`>;
export type Instant = Brand<string, 'instant'>;
export type DateOnly = Brand<string, 'date'>;
export type Flag = 0 | 1;
export type Json<T> = Brand<string, ['json', T]>;

export type Role = 'author' | 'reviewer' | 'organiser' | 'conduct';
export type SubmissionState = 'draft' | 'submitted' | 'accepted' | 'rejected' | 'withdrawn';
/** From whom a person takes first messages; `asked`: from anyone, once they have said yes to it. */
export type LettersFrom = 'anyone' | 'participants' | 'asked' | 'nobody';
/** Why an answer that came by mail waits for the word of whoever it seems to be from. */
export const HELD_REASONS = [
  'stranger',
  'unproven',
  'perhaps-automatic',
  'list',
  'garbled',
  'link',
  'address',
  'long',
] as const;
export type HeldReason = (typeof HELD_REASONS)[number];
export type ReportReason = 'harassment' | 'spam' | 'threat' | 'other';
export type AuditAct =
  | 'read'
  | 'dismissed'
  | 'warned'
  | 'suspended'
  | 'lifted'
  | 'closed'
  | 'reopened'
  /** Somebody has been made a conduct contact, or is none any more: `note` is the name that organisers know them by. */
  | 'named'
  | 'removed';
/** Whether the person behind a line of a byline has said that it is theirs. `listed`: nobody has asked them yet. */
export type AuthorState = 'listed' | 'asked' | 'confirmed' | 'declined';
/** `pending`: nobody has been told. Of a submission's decisions one at most is pending, and one is applied. */
export type DecisionState = 'pending' | 'applied' | 'superseded';
export type Outcome = 'accepted' | 'rejected';
export type Markup = 'plain' | 'markdown';
export type PasskeyPurpose = 'add' | 'sign-in' | 'second';
export type OutboxState = 'held' | 'queued' | 'sending' | 'sent' | 'failed' | 'unknown' | 'cancelled';

export interface Tables {
  conferences: {
    id: Id<'conference'>;
    /** Small and never reused: the upper digits of a paper's position in the search index. */
    number: number;
    slug: string;
    name: string;
    starts_on: DateOnly | null;
    ends_on: DateOnly | null;
    /** IANA name, e.g. Asia/Almaty. */
    time_zone: string;
    /** The submission window; null is "not limited" on that side. */
    opens_at: Instant | null;
    closes_at: Instant | null;
    ref_prefix: string;
    next_ref: Generated<number>;
    /** Bumped by every command that changes what the public sees; the page cache and ETags hang on it. */
    content_version: Generated<number>;
    /** Bumped by each edit of the conference itself, so that a stale form is noticed. */
    revision: Generated<number>;
    /** Since when the organisers let none of its mail go. */
    mail_held_at: Instant | null;
    /** For how many weeks after the last day people may write to each other. */
    letters_weeks: Generated<number>;
    created_at: Instant;
  };
  formats: {
    id: Id<'format'>;
    conference_id: Id<'conference'>;
    name: string;
    word_limit: number;
    position: number;
  };
  themes: {
    id: Id<'theme'>;
    conference_id: Id<'conference'>;
    name: string;
    position: number;
  };
  accounts: {
    id: Id<'account'>;
    /** Empty until the person has signed in for the first time and said it. */
    name: string;
    password_hash: string | null;
    /** Whatever each byline says. */
    letters_from: Generated<LettersFrom>;
    /** Times of day (`22:00`) between which no letters of readers go to this person, on the clock of that zone. */
    quiet_from: string | null;
    quiet_until: string | null;
    quiet_zone: string | null;
    /** Where its mail goes; null: to its oldest verified mailbox. */
    primary_mailbox_id: Id<'mailbox'> | null;
    /** 1: after a link or a password a passkey is asked for as well, while there is one. */
    asks_passkey: Generated<Flag>;
    created_at: Instant;
  };
  /** What an author says about one paper, in place of what they say about all. */
  paper_rules: {
    account_id: Id<'account'>;
    submission_id: Id<'submission'>;
    letters_from: LettersFrom;
  };
  /** The one table that holds addresses. Only mailboxes and blocks of app/domain/account and the mail transport may name it. */
  mailboxes: {
    id: Id<'mailbox'>;
    account_id: Id<'account'> | null;
    address: string;
    /** The address as it is compared: lower case, domain in ASCII. */
    address_key: string;
    /** The same without plus-tag and dots: two addresses with one key are taken for one person's. */
    person_key: string;
    verified_at: Instant | null;
    created_at: Instant;
    /** Since when nothing but what its owner asks for is sent there, and why: mail there failed for good, or was called spam. */
    suppressed_at: Instant | null;
    suppressed_for: 'bounce' | 'complaint' | null;
    /** Since when its reader wants to be asked about no more papers. */
    unasked_at: Instant | null;
  };
  sessions: {
    /** SHA-256 of the session id that the cookie carries. */
    id: string;
    account_id: Id<'account'>;
    expires_at: Instant;
    created_at: Instant;
    /** To the hour or so; null: not since that is kept. */
    last_seen_at: Instant | null;
    /** When its person has last shown who they are by more than the session: a link, a passkey, the password. */
    proven_at: Instant | null;
    /** `Firefox, Windows`, as the browser called itself; empty where nobody knows. */
    browser: Generated<string>;
  };
  /** Public keys of what people sign in with in place of a password (WebAuthn Level 3). */
  passkeys: {
    id: Id<'passkey'>;
    account_id: Id<'account'>;
    /** Base64url, as the two keys are. */
    credential_id: string;
    /** COSE_Key (RFC 9052). */
    public_key: string;
    /** As the authenticator said it last; 0 where it counts nothing. */
    counter: number;
    transports: Json<string[]>;
    name: string;
    created_at: Instant;
    used_at: Instant | null;
  };
  /** What a passkey is asked to sign: once, by the browser that asked for it, before it expires. */
  passkey_challenges: {
    challenge_hash: string;
    purpose: PasskeyPurpose;
    /** Hash of the token in that browser's cookie. */
    browser_hash: string;
    /** Whose passkey it must be; null: anybody's. */
    account_id: Id<'account'> | null;
    expires_at: Instant;
  };
  /** Somebody has shown by a link or a password who they are, and a passkey of theirs is still asked for. */
  pending_sign_ins: {
    browser_hash: string;
    account_id: Id<'account'>;
    next: string;
    /** Whether the link has shown that mail to the address works again. */
    revived: Flag;
    expires_at: Instant;
  };
  /** Links sent by mail: used once, by a POST, before they expire. */
  links: {
    id: Id<'link'>;
    token_hash: string;
    purpose: 'sign_in' | 'confirm_message' | 'add_address';
    mailbox_id: Id<'mailbox'>;
    /** The account that asked for an address of its own to be added; null for other purposes. */
    account_id: Id<'account'> | null;
    /** Where to go afterwards: a path of this portal. */
    next: string;
    expires_at: Instant;
    used_at: Instant | null;
    created_at: Instant;
  };
  /** What someone had typed or clicked when sign-in came between. */
  kept_forms: {
    id: Id<'kept'>;
    token_hash: string;
    path: string;
    /** Sealed with the token. */
    fields: string;
    expires_at: Instant;
  };
  memberships: {
    account_id: Id<'account'>;
    conference_id: Id<'conference'>;
    role: Role;
    /** The name that an inviting organiser gave: shown to organisers, so that the list tells nothing of who is known. */
    invited_as: string | null;
    created_at: Instant;
  };
  submissions: {
    id: Id<'submission'>;
    conference_id: Id<'conference'>;
    ref: string;
    /** Order within the conference; unique, never reused. */
    seq: number;
    state: SubmissionState;
    current_version_id: Id<'version'>;
    /** The author who has submitted it, or to whom it was left; null while it has only been entered for others. */
    submitter_id: Id<'account'> | null;
    /** Who typed it in, an author of it or not; null for imported papers. */
    entered_by_id: Id<'account'> | null;
    /** Made by the form; a second press of the same form finds the first submission. Null for imported papers. */
    form_key: string | null;
    submitted_at: Instant | null;
    /** Who withdrew it last; null where nobody has, or nobody knows. */
    withdrawn_by: Id<'account'> | null;
    created_at: Instant;
    updated_at: Instant;
  };
  submission_versions: {
    id: Id<'version'>;
    submission_id: Id<'submission'>;
    number: number;
    title: string;
    abstract: string;
    markup: Markup;
    /** What Markdown was made into as it was saved; null: plain text, or saved before that was kept. */
    html: string | null;
    format_id: Id<'format'>;
    theme_id: Id<'theme'>;
    keywords: Json<string[]>;
    /** BCP 47, or empty where unknown. */
    language: string;
    saved_by: Id<'account'> | null;
    saved_at: Instant;
  };
  /** A person in the byline of a submission. How a version spells them is in version_authors. */
  authors: {
    id: Id<'author'>;
    submission_id: Id<'submission'>;
    /** Who it is, once they have said so: mail goes wherever that account's mail goes. */
    account_id: Id<'account'> | null;
    /** The address that has been given for them, and by whom. */
    mailbox_id: Id<'mailbox'> | null;
    given_by: Id<'account'> | null;
    /** Whether readers may write to this author. */
    contactable: Flag;
    state: AuthorState;
    /** Whether the submitter lets this co-author change the text. */
    may_edit: Generated<Flag>;
    asked_at: Instant | null;
    reminded_at: Instant | null;
    answered_at: Instant | null;
  };
  version_authors: {
    version_id: Id<'version'>;
    position: number;
    /** Stays the same across versions of one submission. */
    author_id: Id<'author'>;
    name: string;
    affiliation: string;
    orcid: string | null;
    presenter: Flag;
  };
  /** What the public reads: one row for each published submission. To publish is to add the row. */
  papers: {
    submission_id: Id<'submission'>;
    conference_id: Id<'conference'>;
    version_id: Id<'version'>;
    /** conference.number × 10,000,000 + submission.seq: the programme's order, and the key of the search index. */
    position: number;
    format_id: Id<'format'>;
    theme_id: Id<'theme'>;
    published_at: Instant;
  };
  stars: {
    account_id: Id<'account'>;
    submission_id: Id<'submission'>;
    created_at: Instant;
  };
  reviews: {
    id: Id<'review'>;
    submission_id: Id<'submission'>;
    reviewer_id: Id<'account'>;
    score: number;
    note: string;
    revision: Generated<number>;
    created_at: Instant;
    updated_at: Instant;
  };
  decisions: {
    id: Id<'decision'>;
    submission_id: Id<'submission'>;
    outcome: Outcome;
    note: string;
    decided_by: Id<'account'>;
    decided_at: Instant;
    state: DecisionState;
    /** The version that was decided on; null for decisions from before that was kept. */
    version_id: Id<'version'> | null;
    applied_at: Instant | null;
    superseded_at: Instant | null;
  };
  threads: {
    id: Id<'thread'>;
    conference_id: Id<'conference'>;
    submission_id: Id<'submission'>;
    /** The paper as it was published last: all that the thread's people are shown of it. Each has one: SQLite cannot say so. */
    version_id: Id<'version'> | null;
    subject: string;
    /** What it is found by: subject, paper and names, folded as the search index folds words. */
    words: string;
    /** Since when nobody may write in it any more. */
    closed_at: Instant | null;
    created_at: Instant;
  };
  participants: {
    id: Id<'participant'>;
    thread_id: Id<'thread'>;
    role: 'author' | 'correspondent';
    author_id: Id<'author'> | null;
    mailbox_id: Id<'mailbox'>;
    name: string;
    /**
     * Whether this person takes part. `waiting`: has not said yet that the paper is theirs, and hears of nothing before;
     * `asked`: has not said yet whether they will read it.
     */
    consent: Generated<'waiting' | 'given' | 'asked' | 'declined'>;
    /** Since when they get no mail of this thread, or take part no more. */
    muted_at: Instant | null;
    left_at: Instant | null;
    /** The newest message that this participant may read, and the newest that they have seen. */
    latest_id: Id<'message'> | null;
    read_id: Id<'message'> | null;
  };
  /** Of whom a person wants to hear nothing more, wherever they write from. */
  blocks: {
    mailbox_id: Id<'mailbox'>;
    blocked_mailbox_id: Id<'mailbox'>;
    /** As the blocked person called themselves then. */
    name: string;
    created_at: Instant;
  };
  /** The address that a participant answers to by mail: `r-TOKEN@REPLY_DOMAIN`. */
  reply_tokens: {
    token: string;
    participant_id: Id<'participant'>;
    expires_at: Instant;
    revoked_at: Instant | null;
    created_at: Instant;
  };
  /** What came in by mail, so that nothing is passed on twice. The words are kept only while their writer is asked. */
  replies: {
    id: Id<'reply'>;
    participant_id: Id<'participant'>;
    dedupe_key: string;
    outcome: 'relayed' | 'held' | 'dropped' | 'discarded';
    reason: HeldReason | 'automatic' | 'empty' | null;
    body: string;
    left_out: Generated<string>;
    received_at: Instant;
  };
  messages: {
    id: Id<'message'>;
    thread_id: Id<'thread'>;
    participant_id: Id<'participant'>;
    body: string;
    /** What of the mail that it came by was not passed on: its writer alone sees it. Empty: nothing, or no mail. */
    left_out: Generated<string>;
    /** 1: the writer has agreed that the words give an address away. */
    discloses: Flag;
    /** Made by the form; a second submit of the same form finds the first message. */
    idempotency_key: string;
    created_at: Instant;
  };
  /** A message that its reader has reported. The words are read where the message is: they are in no second place. */
  reports: {
    id: Id<'report'>;
    conference_id: Id<'conference'>;
    message_id: Id<'message'>;
    /** Who reports it. Nobody is ever shown that. */
    participant_id: Id<'participant'>;
    reason: ReportReason;
    note: string;
    created_at: Instant;
    settled_at: Instant | null;
  };
  /** Who may not write to anybody at a conference, until it is lifted. */
  suspensions: {
    id: Id<'suspension'>;
    conference_id: Id<'conference'>;
    mailbox_id: Id<'mailbox'>;
    /** As the person called themselves in the message that was reported. */
    name: string;
    created_at: Instant;
    lifted_at: Instant | null;
  };
  /** What conduct contacts have read and done. Lines are only ever added. */
  audit: {
    id: Id<'audit'>;
    conference_id: Id<'conference'>;
    account_id: Id<'account'>;
    act: AuditAct;
    report_id: Id<'report'> | null;
    note: string;
    at: Instant;
  };
  /** A message of someone not signed in, until the link in their mail is followed. */
  message_requests: {
    id: Id<'message_request'>;
    link_id: Id<'link'>;
    submission_id: Id<'submission'>;
    name: string;
    author_ids: Json<string[]>;
    subject: string;
    body: string;
    /** As in messages. */
    discloses: Flag;
    /** Hash of the form's key and all that it said: sent once more, it is the same message. */
    form: string | null;
    created_at: Instant;
  };
  outbox: {
    id: Id<'outbox'>;
    conference_id: Id<'conference'> | null;
    mailbox_id: Id<'mailbox'>;
    /** Where it was sent, if that is another: its owner has chosen that mailbox. */
    sent_to: Id<'mailbox'> | null;
    kind: string;
    /** Display name of the sender; the address is the portal's own. */
    from_name: string;
    subject: string;
    text: string;
    html: string;
    headers: Json<Record<string, string>>;
    /** RFC 5322 Message-ID, fixed before the first attempt. */
    internet_message_id: string;
    dedupe_key: string;
    state: OutboxState;
    attempts: Generated<number>;
    /** Tries of which nobody knows whether the mail went out (process killed, connection lost). After two, no third. */
    lost_tries: Generated<number>;
    next_attempt_at: Instant;
    leased_until: Instant | null;
    error_code: string | null;
    /** The relayed message that this carries, if any. */
    message_id: Id<'message'> | null;
    /** What it is about, so that it can be looked at once more before it goes: a submission, and a decision on it. */
    submission_id: Id<'submission'> | null;
    decision_id: Id<'decision'> | null;
    /** Where the recipient's answer by mail goes, and so whom the letter is from; null: the portal's own address. */
    reply_token: string | null;
    created_at: Instant;
    sent_at: Instant | null;
  };
  /** How often what has happened to mail, for /metrics. */
  tallies: {
    name: string;
    count: number;
  };
  /** Counters for limits: how often `key` was tried since `since`. The key is hashed. */
  attempts: {
    key: string;
    count: number;
    since: Instant;
  };
}
