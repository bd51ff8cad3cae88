// The login page: plain HTML without scripts, in both languages.
import { LOCK_MINUTES, MAX_FAILED_LOGINS } from '../../../domain/security/index.js';
import type { Language } from '../i18n/language.js';

export interface LoginNotice { readonly kind: 'refused' | 'too_many' }
export interface LoginPage {
  readonly root: string; readonly language: Language; readonly version: string; readonly nonce: string;
  readonly email: string; readonly next: string; readonly notice?: LoginNotice;
}

const TEXTS = {
  en: {
    title: 'Sign in · Holdfast', heading: 'Sign in', about: 'Compliance console of the AI model gateway',
    email: 'E-mail', password: 'Password', submit: 'Sign in', recorded: 'Every sign-in, view and change is recorded.',
    refused: `E-mail or password is wrong. ${MAX_FAILED_LOGINS} wrong attempts in a row lock the account for ${LOCK_MINUTES} minutes, and this message stays the same.`,
    too_many: 'Too many failed attempts from your address. Try again in 15 minutes.', other: '中文', otherCode: 'zh-CN',
  },
  'zh-CN': {
    title: '登录 · Holdfast', heading: '登录', about: 'AI 模型网关合规控制台',
    email: '电子邮箱', password: '密码', submit: '登录', recorded: '所有登录、查看和变更都会被记录。',
    refused: `电子邮箱或密码错误。连续失败 ${MAX_FAILED_LOGINS} 次后账户将锁定 ${LOCK_MINUTES} 分钟，期间提示不变。`,
    too_many: '来自您地址的失败尝试过多，请在 15 分钟后重试。', other: 'English', otherCode: 'en',
  },
} as const;

/** The whole page. What comes from the request is escaped. */
export function loginPage(page: LoginPage): string {
  const t = TEXTS[page.language];
  const next = encodeURIComponent(page.next);
  const alert = page.notice ? `<p class="hf-login-alert" id="problem" role="alert">${t[page.notice.kind]}</p>` : '';
  const wrong = page.notice?.kind === 'refused' ? ' aria-invalid="true" aria-describedby="problem"' : '';
  const focus = (first: boolean): string => (first ? ' autofocus' : '');
  return `<!doctype html>
<html lang="${page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${t.title}</title>
<link rel="icon" type="image/svg+xml" href="${page.root}/assets/favicon.svg?v=${page.version}">
<link rel="stylesheet" href="${page.root}/assets/holdfast.css?v=${page.version}">
</head>
<body class="hf-login">
<main class="hf-login-card">
<p class="hf-brand"><img src="${page.root}/assets/favicon.svg?v=${page.version}" alt="" width="28" height="28"> Holdfast</p>
<p class="hf-login-about">${t.about}</p>
<h1>${t.heading}</h1>
${alert}
<form method="post" action="${page.root}/login?next=${next}">
<label for="email">${t.email}</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="254" value="${escapeHtml(page.email)}"${wrong}${focus(page.email === '')}>
<label for="password">${t.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="512"${wrong}${focus(page.email !== '')}>
<button type="submit">${t.submit}</button>
</form>
<p class="hf-login-foot">${t.recorded} <a href="${page.root}/language?to=${t.otherCode}&amp;next=${encodeURIComponent(`${page.root}/login?next=${next}`)}" lang="${t.otherCode}">${t.other}</a></p>
</main>
</body>
</html>`;
}

/** Text for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
