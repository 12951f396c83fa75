import { defineConfig } from 'prisma/config';

/** For Prisma's command line only; the program reads src/config.ts. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
