/** The look of every page of sign-in; part of the page, as nothing may be loaded. */
export const stylesheet = `
:root { --ink: #1c2430; --quiet: #5a6675; --line: #c9d1da; --ground: #f3f5f7; --sheet: #fff; --act: #1a56c4; --bad: #a4161a; --badground: #fdecec; --good: #14652f; --goodground: #e8f5ec; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --quiet: #9aa6b5; --line: #3a4553; --ground: #11161d; --sheet: #1a212b; --act: #6ea0ff; --bad: #ff9b9b; --badground: #3a1d20; --good: #8fd9a8; --goodground: #173123; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; min-height: 100vh; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; display: flex; align-items: flex-start; justify-content: center; }
main { width: 100%; max-width: 26rem; margin: 8vh 0 2rem; padding: 1.75rem; background: var(--sheet); border: 1px solid var(--line); border-radius: .75rem; }
main:has(.wide) { max-width: 40rem; margin-top: 4vh; }
.brand { margin: 0; font-weight: 600; letter-spacing: .02em; color: var(--quiet); }
h1 { margin: .25rem 0 1.25rem; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 2rem 0 .5rem; font-size: 1.1rem; }
p { margin: .75rem 0; }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
.hint { margin: .25rem 0 0; color: var(--quiet); font-size: .9rem; }
input { width: 100%; padding: .6rem .7rem; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: .4rem; }
button, .button { display: block; width: 100%; margin: 1.5rem 0 0; padding: .65rem 1rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; color: var(--sheet); background: var(--act); border: 1px solid var(--act); border-radius: .4rem; cursor: pointer; }
button.plain, .button.plain { color: var(--act); background: transparent; }
button.small { display: inline-block; width: auto; margin: 0; padding: .3rem .7rem; font-size: .9rem; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
a { color: var(--act); }
code { padding: .1rem .3rem; background: var(--ground); border-radius: .25rem; font-size: .9em; overflow-wrap: anywhere; }
.problem, .done { padding: .7rem .9rem; border-radius: .4rem; border-left: 4px solid; }
.problem { color: var(--bad); background: var(--badground); }
.done { color: var(--good); background: var(--goodground); }
.or { margin: 1.25rem 0 -.25rem; text-align: center; color: var(--quiet); }
.more { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .95rem; }
ul.rows { list-style: none; margin: 0; padding: 0; }
ul.rows li { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; padding: .7rem 0; border-top: 1px solid var(--line); }
ul.rows li > div { flex: 1 1 14rem; min-width: 0; overflow-wrap: anywhere; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; }
`;
