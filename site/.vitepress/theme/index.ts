import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import "../../live/element.js";
import "./style.css";

export default { extends: DefaultTheme } satisfies Theme;
