/**
 * @file The report's style sheet: one column, tabular figures, light and dark. Curves differ by colour and by dash, so that no reader needs the colour.
 * Colours of curves have at least 3:1 on the paper, text 4.5:1 (WCAG 2.2, 1.4.3 and 1.4.11).
 */
export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --sunk: #f5f7f8; --soft: #566069; --line: #d8dee4;
  --s0: #0b5fa5; --s1: #d1570b; --s2: #23895f; --s3: #b8478f; --s4: #2a2e34; --s5: #7b8794; --warn: #b2470a; --ok: #1d7a54; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --paper: #14171a; --sunk: #1b2024; --soft: #9fa9b4; --line: #353c44;
  --s0: #6cb6ff; --s1: #f0a35e; --s2: #4fd0a8; --s3: #f09ad0; --s4: #f2f4f6; --s5: #8b96a1; --warn: #f0a35e; --ok: #4fd0a8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 64rem; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Liberation Sans", sans-serif; }
header > p, section > p, ul, ol, .note { max-width: 46rem; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
h1 { font-size: 2rem; margin: 1.6rem 0 0.4rem; }
h2 { margin: 3rem 0 0.8rem; padding-top: 0.9rem; border-top: 1px solid var(--line); font-size: 1.45rem; }
h3 { margin: 1.8rem 0 0.4rem; font-size: 1.08rem; }
a { color: var(--s0); }
.statement { border-left: 4px solid var(--s0); padding-left: 0.9rem; margin-block: 0.75rem; }
ul.statement { list-style: none; font-size: 0.94rem; }
.transductive, .warning { border-color: var(--warn); }
nav { margin: 1.2rem 0; padding: 0.7rem 1rem; background: var(--sunk); border-radius: 6px; font-size: 0.92rem; }
nav ol { margin: 0; padding: 0; list-style: none; max-width: none; display: flex; flex-wrap: wrap; gap: 0.2rem 1.3rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: 0.8rem; margin: 1.2rem 0; }
.facts div { display: flex; flex-direction: column; justify-content: space-between; background: var(--sunk); border-radius: 6px; padding: 0.7rem 0.9rem; }
.facts dt { color: var(--soft); font-size: 0.85rem; }
.facts dd { margin: 0.1rem 0 0; font-size: 1.5rem; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.25; }
.facts dd small { display: block; font-size: 0.85rem; font-weight: 400; color: var(--soft); }
.scroll { overflow-x: auto; margin: 0.8rem 0; }
.scroll:focus-visible { outline: 2px solid var(--s0); outline-offset: 2px; }
table { border-collapse: collapse; font-size: 0.86rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.32rem 0.9rem 0.32rem 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; vertical-align: baseline; }
th:first-child, td:first-child, .text { text-align: left; }
thead th { white-space: normal; vertical-align: bottom; color: var(--soft); font-weight: 600; }
tbody th { font-weight: 600; }
td small { display: block; color: var(--soft); font-size: 0.92em; }
td.text { white-space: normal; min-width: 5rem; }
td.text:last-child { min-width: 16rem; }
caption, figcaption, .note { color: var(--soft); text-align: left; font-size: 0.88rem; max-width: 46rem; }
.supported { font-weight: 700; }
.not-supported { color: var(--soft); }
.tag { display: inline-block; padding: 0 0.5em; border: 1px solid currentColor; border-radius: 1em; font-size: 0.82em; white-space: nowrap; }
.tag.run { color: var(--ok); } .tag.partly { color: var(--s0); } .tag.others { color: var(--warn); }
figure { margin: 1rem 0; }
figcaption b { color: var(--ink); }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 0.4rem 2rem; }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; list-style: none; padding: 0; margin: 0.6rem 0; max-width: none; font-size: 0.9rem; }
.legend svg { vertical-align: middle; margin-right: 0.45rem; }
svg { max-width: 100%; height: auto; overflow: visible; }
svg.clip { overflow: hidden; }
.scroll svg { max-width: none; }
svg text { fill: currentColor; font: 12px system-ui, "Liberation Sans", sans-serif; font-variant-numeric: tabular-nums; }
svg .head { font-weight: 600; }
svg .title { fill: var(--soft); }
svg .grid { stroke: var(--line); fill: none; }
svg .axis { stroke: var(--soft); fill: none; }
svg .reference { stroke: var(--soft); stroke-dasharray: 4 3; fill: none; }
svg .curve { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; }
svg .error { stroke: var(--c); stroke-width: 1.5; }
svg .mark { fill: var(--c); }
svg .band { fill: var(--c); opacity: 0.16; }
.series-0 { --c: var(--s0); stroke-width: 2.6 !important; }
.series-1 { --c: var(--s1); stroke-dasharray: 7 3; }
.series-2 { --c: var(--s2); stroke-dasharray: 2 3; }
.series-3 { --c: var(--s3); stroke-dasharray: 10 3 2 3; }
.series-4 { --c: var(--s4); stroke-dasharray: 5 2; stroke-width: 1.4 !important; }
.series-5 { --c: var(--s5); }
.error { stroke-dasharray: none; }
svg .whisker { stroke: currentColor; stroke-width: 2; }
svg .whisker.thin { stroke-width: 1; opacity: 0.7; }
svg .whisker.thick { stroke-width: 3.5; }
svg .fold { stroke: var(--soft); stroke-width: 1.4; }
svg .first { color: var(--s0); }
svg .first text { fill: var(--ink); font-weight: 600; }
svg .pale { color: var(--soft); }
svg .dot { fill: var(--paper); stroke: currentColor; stroke-width: 2; }
svg .found { fill: currentColor; }
svg .outline { fill: none; stroke: #fff; stroke-width: 1.5; filter: drop-shadow(0 0 1px #000); }
svg .dashed { stroke-dasharray: 5 4; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 14rem)); gap: 0.75rem; }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(26rem, 100%), 1fr)); gap: 0.5rem 1.5rem; }
.pairs .tiles { grid-template-columns: 1fr 1fr; }
.tiles img { width: 100%; display: block; border-radius: 3px; }
summary { cursor: pointer; }
pre { overflow-x: auto; font-size: 0.8rem; }
@media print { body { max-width: none; padding: 0; } nav { display: none; } figure { break-inside: avoid; } }
`;
