/** How drizzle-kit makes the next migration out of db/schema-*.ts (see docs/decisions/0023). Run by hand, never at run time. */
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: [
    './db/schema-catalogue.ts',
    './db/schema-shop.ts',
    './db/schema-documents.ts',
    './db/schema-sync.ts',
    './db/schema-transfers.ts',
    './db/schema-models.ts',
    './db/schema-forecasts.ts',
  ],
  out: './db/migrations',
});
