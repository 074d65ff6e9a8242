import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { pendingMigrations } from '#db/migrate';
import type { Database } from '#db/open';
import { testContext } from '../support/context';
import { type Engine, engines } from '../support/database';

interface Column {
  type: 'text' | 'number';
  nullable: boolean;
}
type Shape = Record<string, Record<string, Column>>;

test.each(engines)('db/schema.ts says what the migrated %s database has', async (engine) => {
  const { db } = await testContext({ engine });
  expect(await pendingMigrations(db)).toEqual([]);
  expect(await shapeOf(db, engine)).toEqual(declaredShape());
});

/** The interface Tables, read from the source: a copy made by hand would be one more thing to keep in step. */
function declaredShape(): Shape {
  const path = fileURLToPath(new URL('../../db/schema.ts', import.meta.url));
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const tables = source.statements.find(
    (node) => ts.isInterfaceDeclaration(node) && node.name.text === 'Tables',
  ) as ts.InterfaceDeclaration;
  return Object.fromEntries(
    tables.members.filter(ts.isPropertySignature).map((table) => {
      const columns = (table.type as ts.TypeLiteralNode).members.filter(ts.isPropertySignature);
      return [
        table.name.getText(),
        Object.fromEntries(columns.map((column) => [column.name.getText(), declaredColumn(column.type!)])),
      ];
    }),
  );
}

function declaredColumn(type: ts.TypeNode): Column {
  const members = ts.isUnionTypeNode(type) ? [...type.types] : [type];
  const nullable = members.some((member) => member.getText() === 'null');
  const numeric = members.some((member) => /^(Generated<)?(number|Flag)>?$/.test(member.getText()));
  return { type: numeric ? 'number' : 'text', nullable };
}

async function shapeOf(db: Database, engine: Engine): Promise<Shape> {
  const columns = engine === 'sqlite' ? columnsOfSqlite : columnsOfPostgres;
  const shape: Shape = {};
  for (const { table, column, type, nullable } of (await columns.execute(db)).rows) {
    // Kysely's own, and the search index, which only db/search knows.
    if (/^(kysely_|paper_search|sqlite_)/.test(table)) continue;
    shape[table] ??= {};
    shape[table][column] = { type: /int/i.test(type) ? 'number' : 'text', nullable: Boolean(nullable) };
  }
  return shape;
}

type Row = { table: string; column: string; type: string; nullable: boolean | number };

// SQLite alone lets a text primary key be null.
const columnsOfSqlite = sql<Row>`select t.name as "table", c.name as "column", c.type, c."notnull" = 0 and c.pk = 0 as nullable
  from sqlite_schema t, pragma_table_info(t.name) c where t.type = 'table'`;
const columnsOfPostgres = sql<Row>`select table_name as "table", column_name as "column", data_type as type, is_nullable = 'YES' as nullable
  from information_schema.columns where table_schema = 'public'`;
