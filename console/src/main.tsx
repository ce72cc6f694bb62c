// The console begins.
import { render } from "preact";
import "./main.css";

const root = document.getElementById("console");
if (root !== null) render(<h1>edgemdm</h1>, root);
