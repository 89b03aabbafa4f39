// Package look is how the default pages look: those of denials, and those of signing in.
package look

// Style is the stylesheet of every one of them, light or dark as the browser is. A page with it stays under
// 2 KB, so that net/http sends it whole.
const Style = `
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#f6f7f9;--card:#fff;--line:#d6dbe3;--field:#76839a;--soft:#57606a;--accent:#0b57d0;--on:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--paper:#12161c;--card:#1b212a;--line:#343e4c;--soft:#a7b0ba;--accent:#8ab4f8;--on:#10141a}}
*{box-sizing:border-box}
body{margin:0;padding:8vh 1rem 3rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{max-width:30rem;margin:0 auto;padding:1.75rem 1.5rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .75rem}
p{margin:0 0 1rem;overflow-wrap:anywhere}
a{color:var(--accent)}
button,.button{display:block;width:100%;font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer;color:var(--on);background:var(--accent);border:1px solid var(--accent);border-radius:.5rem;padding:.65rem 1rem}
main>:last-child,form>:last-child{margin-bottom:0}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
`

// Forms is what pages with lists and fields have beside.
const Forms = `h2{font-size:1.1rem;margin:2rem 0 .75rem}
ul{list-style:none;margin:0 0 1rem;padding:0}
li{margin:0 0 .5rem}
small,.soft{color:var(--soft)}
label{display:block;font-weight:600;margin:0 0 .25rem}
input{width:100%;font:inherit;color:inherit;background:transparent;border:1px solid var(--field);border-radius:.5rem;padding:.6rem .75rem;margin:0 0 1rem}
form+p,.button+p,p+form{margin-top:1.25rem}
li button,.here{text-align:start;color:var(--ink);background:transparent;border-color:var(--field);overflow-wrap:anywhere}
.here{border:1px dashed var(--field);border-radius:.5rem;padding:.65rem 1rem;font-weight:600}
li small{display:block;font-weight:400}
.plain{margin:0 0 .75rem;color:var(--accent);background:transparent;border-color:var(--field)}
.quiet{margin:.75rem 0 0;color:var(--accent);background:transparent;border-color:transparent}
.codes{columns:2;margin:.5rem 0}
.qr{display:block;width:12rem;max-width:100%;margin:.75rem 0;border-radius:.5rem;background:#fff}
.check{display:flex;gap:.5rem;align-items:center;margin:0 0 .75rem}
.check input{width:auto;margin:0}
code{overflow-wrap:anywhere}
ol{margin:0 0 1rem;padding:0 0 0 1.25rem}
.note{border-inline-start:4px solid var(--accent);padding:.25rem .75rem}
`
