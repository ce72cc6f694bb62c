// Makes a module of src/ count how often each of its branches runs: `hits[n]++` where a body, an arm or a case begins.
// By text, so that lines stay what they are and a crash names the right one.
import module from "node:module";
import { parseAst } from "vitest/node";

type Node = { type: string; start: number; end: number; [field: string]: unknown };

/** `first` is the number of the module's first counter; `counters` how many it took. */
export function instrument(source: string, first: number): { code: string; counters: number } {
  const code = module.stripTypeScriptTypes(source);
  const opened: [at: number, text: string][] = [];
  const closed: [at: number, text: string][] = [];
  let next = first;
  const count = () => `__hits[${next++}]++`;
  const statement = (node: Node): void => {
    if (node.type === "BlockStatement") opened.push([node.start + 1, `${count()};`]);
    else wrap(node, `{${count()};`, "}");
  };
  const expression = (node: Node): void => wrap(node, `(${count()},`, ")");
  const wrap = (node: Node, before: string, after: string): void => {
    opened.push([node.start, before]);
    closed.push([node.end, after]);
  };

  walk(parseAst(code) as unknown as Node, (node) => {
    switch (node.type) {
      case "ArrowFunctionExpression":
        return (node.expression ? expression : statement)(node.body as Node);
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ForStatement":
      case "ForOfStatement":
      case "ForInStatement":
      case "WhileStatement":
      case "DoWhileStatement":
      case "CatchClause":
        return statement(node.body as Node);
      case "IfStatement":
        statement(node.consequent as Node);
        if (node.alternate) statement(node.alternate as Node);
        return;
      case "ConditionalExpression":
        expression(node.consequent as Node);
        return expression(node.alternate as Node);
      case "LogicalExpression":
        return expression(node.right as Node);
      case "SwitchCase": {
        const [begin] = node.consequent as Node[];
        if (begin) opened.push([begin.start, `${count()};`]);
      }
    }
  });
  return { code: `const __hits=globalThis.__hits;${insert(code, opened, closed)}`, counters: next - first };
}

/** What closes at a place comes before what opens there; of two that close, the inner one. */
function insert(code: string, opened: [number, string][], closed: [number, string][]): string {
  const all = [...closed.reverse(), ...opened].sort(([a], [b]) => a - b);
  let at = 0;
  let text = "";
  for (const [place, added] of all) {
    text += code.slice(at, place) + added;
    at = place;
  }
  return text + code.slice(at);
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof child === "object" && typeof (child as Node).type === "string") {
        walk(child as Node, visit);
      }
    }
  }
}
