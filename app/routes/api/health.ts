import type { LoaderFunctionArgs } from '@remix-run/node';
import { sql } from 'kysely';

/** For load balancers: 200 while the database answers. */
export async function loader({ context }: LoaderFunctionArgs) {
  try {
    await sql`select 1`.execute(context.db);
    return Response.json({ status: 'ok' });
  } catch {
    return Response.json({ status: 'database unavailable' }, { status: 503 });
  }
}
