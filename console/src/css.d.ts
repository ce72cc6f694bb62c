// esbuild collects what is imported so into main.css.
declare module "*.css";
