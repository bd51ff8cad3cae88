// The bar on top: menu on small screens, language, who is signed in, and signing out by POST.
import React from 'react';
import { useCurrentAdmin, useTranslation } from 'adminjs';
import { ROOT, Toasts, useWords } from './kit.tsx';

export default function TopBar({ toggleSidebar }: { toggleSidebar: () => void }): JSX.Element {
  const words = useWords(), { i18n } = useTranslation();
  const [operator] = useCurrentAdmin() as unknown as [{ name: string; email: string; roles: string[] } | null];
  const other = words.language === 'en' ? 'zh-CN' : 'en';
  const change = (): void => { void i18n.changeLanguage(other).then(() => { document.documentElement.lang = other; }); };
  return <div className="hf-top">
    <a className="hf-skip" href="#content">{words.t('frame.skip')}</a>
    <button type="button" className="hf-menu" onClick={toggleSidebar} aria-label={words.t('frame.menu')}><span aria-hidden="true">☰</span></button>
    <span className="hf-top-brand">Holdfast</span>
    <span className="hf-grow" />
    <button type="button" className="hf-button hf-plain" lang={other} onClick={change}>{words.t('frame.language')}</button>
    {operator && <span className="hf-who"><strong>{operator.name}</strong><span>{operator.roles.map((role) => words.value(role)).join(', ')}</span></span>}
    <form method="post" action={`${ROOT}/logout`}><button type="submit" className="hf-button">{words.t('frame.signOut')}</button></form>
    <Toasts />
  </div>;
}
