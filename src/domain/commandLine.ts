/** What whoever runs Warroom types before a command, in the directory it was cloned into. */
export const commandLine = 'node dist/main.js';
