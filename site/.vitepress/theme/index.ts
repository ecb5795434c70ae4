import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import { defineLiveCode } from "../../live/element.js";
import "./style.css";

export default {
  extends: DefaultTheme,
  // pages are also rendered in Node, which has no elements
  enhanceApp: () => {
    if (typeof customElements !== "undefined") defineLiveCode();
  },
} satisfies Theme;
