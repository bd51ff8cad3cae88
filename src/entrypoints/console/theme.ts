// Colours and type of the console: calm, high contrast, and fonts that every desktop already has (no outside host is asked).
import type { BrandingOptions } from 'adminjs';

/** `font` is a text at run time, whatever AdminJS's typings say of it. */
export const theme = {
  font: "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif",
  colors: {
    primary100: '#1d4f5c', primary80: '#2f6a78', primary60: '#5f8d98', primary40: '#a9c3c9', primary20: '#e3edef',
    accent: '#8a5a00', love: '#1d4f5c', text: '#1b2a2f', grey100: '#1b2a2f', grey80: '#3f4f55', grey60: '#5c6b70', grey40: '#b9c3c6', grey20: '#eef1f2',
    bg: '#f5f7f7', container: '#ffffff', sidebar: '#ffffff', border: '#dde4e6', separator: '#dde4e6', inputBorder: '#8a999e', highlight: '#eef3f4', filterBg: '#ffffff',
    error: '#a8201a', errorDark: '#8a1712', errorLight: '#fbe9e7', success: '#1e6b45', successDark: '#17553a', successLight: '#e4f2ea',
    warning: '#8a5a00', warningDark: '#6f4800', warningLight: '#fdf3dc', info: '#1d4f5c', infoDark: '#1d4f5c', infoLight: '#e3edef',
  },
} as unknown as BrandingOptions['theme'];
