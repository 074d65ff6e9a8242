import { v7 } from 'uuid';
import type { DateOnly, Id, Instant, Json } from './schema';

/** A new UUIDv7 (RFC 9562): sorts by the time it was made. */
export function newId<Table extends string>(): Id<Table> {
  return v7() as Id<Table>;
}

export function instant(date: Date): Instant {
  return date.toISOString() as Instant;
}

export function dateOnly(text: string): DateOnly {
  return text as DateOnly;
}

export function json<T>(value: T): Json<T> {
  return JSON.stringify(value) as Json<T>;
}
