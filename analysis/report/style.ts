/** @file The report's style sheet: one column, tabular figures, light and dark. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #5b6570; --line: #d8dee4; --a: #0b62a8; --b: #c2570c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --paper: #14171a; --soft: #9aa5b1; --line: #353c44; --a: #6cb6ff; --b: #f0a35e; } }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 62rem; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
body > p, ul, .note { max-width: 46rem; }
h1, h2 { line-height: 1.2; text-wrap: balance; }
h2 { margin-top: 2.5rem; }
.statement { border-left: 4px solid var(--a); padding-left: 0.9rem; margin-block: 0.75rem; }
.transductive, .warning { border-color: var(--b); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.85rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.8rem 0.3rem 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child, .text { text-align: left; }
th { white-space: normal; vertical-align: bottom; }
caption, figcaption, .note { color: var(--soft); font-size: 0.88rem; text-align: left; }
caption { padding-bottom: 0.4rem; }
.supported { font-weight: 700; }
.not-supported { color: var(--soft); }
figure { margin: 1rem 0; }
svg { max-width: 100%; height: auto; overflow: visible; }
.scroll svg { max-width: none; }
svg text { fill: currentColor; font: 12px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
svg .head { font-weight: 600; }
svg .grid { stroke: var(--line); fill: none; }
svg .reference { stroke: var(--soft); stroke-dasharray: 4 3; fill: none; }
svg .curve { fill: none; stroke-width: 2; }
svg .series-0 { stroke: var(--a); }
svg .series-1 { stroke: var(--b); stroke-dasharray: 7 2; }
svg .whisker { stroke: currentColor; stroke-width: 2; }
svg .dot { fill: var(--paper); stroke: currentColor; stroke-width: 2; }
svg .found { fill: currentColor; }
svg .outline { fill: none; stroke: #fff; stroke-width: 1.5; filter: drop-shadow(0 0 1px #000); }
svg .dashed { stroke-dasharray: 5 4; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 14rem)); gap: 0.75rem; }
.tiles img { width: 100%; display: block; }
pre { overflow-x: auto; font-size: 0.8rem; }
`;
