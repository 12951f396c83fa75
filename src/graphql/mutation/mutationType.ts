import { builder } from '../builder.ts';

builder.mutationType({
  description:
    'Everything that can be changed. Each mutation takes one `input` and answers its payload or a typed error; nothing was done unless you get the payload.',
});
