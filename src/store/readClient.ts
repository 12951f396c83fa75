import type { PrismaClient } from './generated/prisma/client.ts';

type Reads =
  | 'findUnique'
  | 'findUniqueOrThrow'
  | 'findFirst'
  | 'findFirstOrThrow'
  | 'findMany'
  | 'count'
  | 'aggregate'
  | 'groupBy';

type Model = { readonly findMany: unknown };

/** The Prisma client as the rest of the program may see it: every model, reads only. Writing is the commit's alone. */
export type ReadClient = {
  readonly [K in keyof PrismaClient as PrismaClient[K] extends Model ? K : never]: Pick<
    PrismaClient[K],
    Reads & keyof PrismaClient[K]
  >;
};
