/** The look of a report: one neutral scale, one accent, four meanings; light and dark as the reader's system is. */
export const STYLE = `
:root { color-scheme: light dark;
  --ground: #ffffff; --text: #1b1f24; --quiet: #59636e; --line: #d5dae0; --faint: #f4f6f8;
  --before: #c3cad3; --now: #2463c9; --good: #1a7f37; --watch: #8a5a00; --bad: #c0262d; --unknown: #59636e; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #12161b; --text: #e6eaef; --quiet: #9aa5b1; --line: #2f3842; --faint: #1a2027;
  --before: #4a5561; --now: #6ea8ff; --good: #4cc26a; --watch: #e0a83e; --bad: #ff7b78; --unknown: #9aa5b1; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 14px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1200px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 24px; font-weight: 600; margin: 0 0 4px; }
h2 { font-size: 16px; font-weight: 600; margin: 40px 0 8px; }
p { margin: 0 0 8px; max-width: 75ch; }
.quiet, .unit { color: var(--quiet); font-size: 12px; }
.verdict { font-size: 16px; margin: 12px 0 20px; }
.figures { display: flex; flex-wrap: wrap; gap: 8px 40px; margin: 0; padding: 16px 0; border: solid var(--line); border-width: 1px 0; }
.figures div { display: flex; flex-direction: column-reverse; }
.figures dd { margin: 0; font-size: 20px; font-weight: 600; }
.figures dt { color: var(--quiet); font-size: 12px; }
.scroll { overflow-x: auto; }
.narrow { max-width: 760px; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 600; font-size: 12px; color: var(--quiet); padding: 6px 16px 6px 0; border-bottom: 1px solid var(--line); position: sticky; top: 0; background: var(--ground); }
td { padding: 8px 16px 8px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.name { overflow-wrap: anywhere; min-width: 110px; }
td.name b { font-weight: 600; }
td.words { min-width: 220px; overflow-wrap: anywhere; }
td.picture { width: 180px; }
svg { display: block; }
rect.before { fill: var(--before); } rect.now { fill: var(--now); fill-opacity: .78; } rect.reach { fill: transparent; }
line.base { stroke: var(--line); }
.ends { display: flex; justify-content: space-between; width: 168px; color: var(--quiet); font-size: 11px; gap: 8px; }
.ends span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.mark { white-space: nowrap; font-weight: 600; }
.good { color: var(--good); } .watch { color: var(--watch); } .bad { color: var(--bad); } .unknown { color: var(--unknown); }
.key i { display: inline-block; width: 10px; height: 10px; margin: 0 4px 0 12px; } .key .before { background: var(--before); } .key .now { background: var(--now); }
details { margin-top: 24px; } summary { cursor: pointer; color: var(--quiet); }
@media (max-width: 720px) { main { padding: 16px; } th { position: static; } }
@media print { main { max-width: none; } th { position: static; } }
`;
