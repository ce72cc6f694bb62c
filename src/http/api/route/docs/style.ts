export const docsStyle = `
header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: .5rem 2rem }
h1 { font-size: 1.5rem; margin: 0 } h1 a, h2 a { color: inherit; text-decoration: none } h2 a:hover { text-decoration: underline }
form { display: flex; gap: .5rem; align-items: baseline }
input { min-width: 0; flex: 1 1 14rem } input, button { font: inherit; color: inherit; background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; padding: .3rem .6rem }
button { cursor: pointer }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: .75rem 0; margin-bottom: 1.5rem; border-bottom: 1px solid var(--line) }
nav [aria-current] { font-weight: 600; color: inherit; text-decoration: none }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .3rem } h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere } h3 a { text-decoration: none }
section p { color: var(--quiet); margin: 0 0 .5rem }
article { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0; scroll-margin-top: 1rem }
article:target, dt:target, li:target { outline: 2px solid var(--link); outline-offset: 2px }
small { color: var(--quiet); font-weight: normal }
pre { background: var(--soft); padding: .75rem; border-radius: .5rem; overflow-x: auto; max-height: 30rem }
.lines { list-style: none; padding: 0; margin: .5rem 0 1.5rem }
.lines li { display: grid; grid-template-columns: 4rem minmax(0, 22rem) minmax(0, 1fr); gap: 0 .75rem; align-items: baseline; padding: .2rem 0; border-top: 1px solid var(--line) }
.lines a { text-decoration: none; overflow-wrap: anywhere }
details { margin-top: .75rem } summary { cursor: pointer; color: var(--link) }
table { width: 100%; border-collapse: collapse; margin-top: .75rem; table-layout: fixed }
caption { text-align: left; color: var(--quiet); font-size: .8125rem }
th, td { text-align: left; vertical-align: top; font-weight: normal; padding: .25rem .75rem .25rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere }
th { width: 16rem } dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1rem } dd { margin: 0 }
.DELETE { color: light-dark(#b3261e, #ff8a80) } .GET { color: light-dark(#1b6e3a, #7ddc9a) } .POST, .PUT, .PATCH { color: light-dark(#8a5300, #f0bf6b) }
@media (max-width: 40rem) { th { width: 8rem } .lines li { grid-template-columns: 4rem minmax(0, 1fr) } .lines span { grid-column: 2 } dl { grid-template-columns: 1fr } dt { margin-top: .4rem } }
`;
