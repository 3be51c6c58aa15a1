import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const pine: MantineColorsTuple = [
  "#ecfaf7",
  "#d6f2ec",
  "#aae4d9",
  "#7bd5c6",
  "#54c8b5",
  "#35b5a2",
  "#15907f",
  "#0e7a6c",
  "#0b6259",
  "#084a43",
];

/** Dark enough at 7 and 8 for white text. */
const red: MantineColorsTuple = [
  "#fff5f5",
  "#ffe3e3",
  "#ffc9c9",
  "#ffa8a8",
  "#ff8787",
  "#ff6b6b",
  "#e5484d",
  "#c2302b",
  "#b3261e",
  "#8f1d17",
];

/** Greys with a little green in them, so that the accent belongs. */
const dark: MantineColorsTuple = [
  "#e4e8ea",
  "#c3cacd",
  "#a3adb2",
  "#87929a",
  "#39424a",
  "#2b333a",
  "#20272c",
  "#171c20",
  "#111518",
  "#0b0e10",
];

export const theme = createTheme({
  primaryColor: "pine",
  // White text must be readable on both: Mantine chooses the text for the light shade alone.
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  colors: { pine, red, dark },
  fontFamily: "'Geist Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontSizes: { xs: "0.78rem", sm: "0.875rem", md: "0.9375rem", lg: "1.0625rem", xl: "1.25rem" },
  headings: {
    fontWeight: "600",
    sizes: { h1: { fontSize: "1.5rem", lineHeight: "1.25" }, h2: { fontSize: "1.0625rem", lineHeight: "1.4" } },
  },
  components: {
    Paper: { defaultProps: { withBorder: true, shadow: undefined } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    Anchor: { defaultProps: { underline: "hover" } },
    Modal: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
  },
});

/** Colours of state, for text on the page's ground at WCAG AA in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#fbfcfc",
    "--mantine-color-dimmed": "#566069",
    "--mantine-color-placeholder": "#6b7680",
    "--mantine-color-error": "#b3261e",
    "--mantine-color-red-outline": "#b3261e",
    "--pt-well": "#f2f5f5",
    "--pt-line": "#dde3e4",
    "--pt-up": "#18794a",
    "--pt-down": "#b3261e",
    "--pt-late": "#925000",
    "--pt-running": "#1f5fb3",
    "--pt-idle": "#5c6670",
  },
  dark: {
    "--mantine-color-body": "#111518",
    "--mantine-color-dimmed": "#a3adb2",
    "--mantine-color-placeholder": "#8f9aa1",
    "--mantine-color-error": "#ff8a80",
    "--mantine-color-red-outline": "#ff8a80",
    "--pt-well": "#191f23",
    "--pt-line": "#2b333a",
    "--pt-up": "#4cc38a",
    "--pt-down": "#ff8a80",
    "--pt-late": "#f5b454",
    "--pt-running": "#8db4ff",
    "--pt-idle": "#a3adb2",
  },
});
