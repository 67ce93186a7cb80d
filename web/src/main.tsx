/** @file Puts the page into the document. */
import { render } from "solid-js/web";
import { App } from "./App.tsx";
import "./style/base.css";
import "./style/parts.css";

render(() => <App />, document.querySelector("#page")!);
