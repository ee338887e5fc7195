// Runes everywhere: a component that falls back to the older reactivity does not compile.
export default {
  compilerOptions: { runes: true },
};
