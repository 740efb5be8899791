/** Written by db/write-migrations.ts from 0004_search_queue.sql; not edited by hand. */
export const sql = `CREATE TABLE item_unindexed (
	item_no integer PRIMARY KEY NOT NULL
);
`;
