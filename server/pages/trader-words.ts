import {
  defaultLanguage,
  type TranslatedLanguage,
  translatedLanguages,
} from '../../shared/language.ts';

/** The words of the pages that a trader sees. `firm`: the firm's name. */
export interface TraderWords {
  yourTrading: string;
  tradingAt(firm: string): string;
  account: string;
  closed: string;
  signOut: string;
  noAccounts: string;
  noAccountsHint(firm: string): string;
  /** `hours`: how long the page stays open. */
  openHint(hours: number): string;
  open: string;
  linkEnded: string;
  /** `minutes`: how long a link works. */
  linkEndedHint(minutes: number): string;
  signedOut: string;
  signedOutHint: string;
  askFirm(firm: string): string;
  accountGone: string;
  accountGoneHint: string;
  showAccounts: string;
  unreachable: string;
  needsScripts: string;
}

const tables: Readonly<Record<TranslatedLanguage, TraderWords>> = {
  en: {
    yourTrading: 'Your trading',
    tradingAt: (firm) => `Your trading at ${firm}`,
    account: 'Account',
    closed: 'Closed accounts',
    signOut: 'Sign out',
    noAccounts: 'No accounts yet',
    noAccountsHint: (firm) => `They appear here as soon as ${firm} opens one for you.`,
    openHint: (hours) =>
      `The link works once: the page opens here, on this device, for ${hours} hours.`,
    open: 'Open my page',
    linkEnded: 'This link has ended',
    linkEndedHint: (minutes) =>
      `A link works once, and for ${minutes} minutes. Ask whoever sent it for a new one.`,
    signedOut: 'You’re signed out',
    signedOutHint: 'To see your trading, ask your firm for a new link.',
    askFirm: (firm) => `To see your trading again, ask ${firm} for a new link.`,
    accountGone: 'This account is no longer here',
    accountGoneHint: 'It was closed to you or removed since you opened the page.',
    showAccounts: 'Show my accounts',
    unreachable: 'The server could not be reached. Try again.',
    needsScripts: 'This page needs scripts, which your browser has turned off.',
  },
  de: {
    yourTrading: 'Ihr Trading',
    tradingAt: (firm) => `Ihr Trading bei ${firm}`,
    account: 'Konto',
    closed: 'Geschlossene Konten',
    signOut: 'Abmelden',
    noAccounts: 'Noch keine Konten',
    noAccountsHint: (firm) => `Sie erscheinen hier, sobald ${firm} eines für Sie eröffnet.`,
    openHint: (hours) =>
      `Der Link gilt einmal: Die Seite öffnet sich hier, auf diesem Gerät, für ${hours} Stunden.`,
    open: 'Meine Seite öffnen',
    linkEnded: 'Dieser Link ist abgelaufen',
    linkEndedHint: (minutes) =>
      `Ein Link gilt einmal und ${minutes} Minuten lang. Bitten Sie den Absender um einen neuen.`,
    signedOut: 'Sie sind abgemeldet',
    signedOutHint: 'Bitten Sie Ihre Firma um einen neuen Link, um Ihr Trading zu sehen.',
    askFirm: (firm) => `Bitten Sie ${firm} um einen neuen Link, um Ihr Trading wieder zu sehen.`,
    accountGone: 'Dieses Konto ist nicht mehr hier',
    accountGoneHint: 'Es gehört nicht mehr zu Ihnen oder wurde entfernt, seit die Seite offen ist.',
    showAccounts: 'Meine Konten zeigen',
    unreachable: 'Der Server war nicht erreichbar. Versuchen Sie es noch einmal.',
    needsScripts: 'Diese Seite braucht Skripte, die Ihr Browser abgeschaltet hat.',
  },
  es: {
    yourTrading: 'Su trading',
    tradingAt: (firm) => `Su trading en ${firm}`,
    account: 'Cuenta',
    closed: 'Cuentas cerradas',
    signOut: 'Cerrar sesión',
    noAccounts: 'Aún no hay cuentas',
    noAccountsHint: (firm) => `Aparecerán aquí en cuanto ${firm} le abra una.`,
    openHint: (hours) =>
      `El enlace sirve una vez: la página se abre aquí, en este dispositivo, durante ${hours} horas.`,
    open: 'Abrir mi página',
    linkEnded: 'Este enlace ha caducado',
    linkEndedHint: (minutes) =>
      `Un enlace sirve una vez y durante ${minutes} minutos. Pida uno nuevo a quien lo envió.`,
    signedOut: 'Ha cerrado la sesión',
    signedOutHint: 'Para ver su trading, pida un enlace nuevo a su empresa.',
    askFirm: (firm) => `Para volver a ver su trading, pida un enlace nuevo a ${firm}.`,
    accountGone: 'Esta cuenta ya no está aquí',
    accountGoneHint: 'Dejó de ser suya o se eliminó desde que abrió la página.',
    showAccounts: 'Mostrar mis cuentas',
    unreachable: 'No se pudo contactar con el servidor. Inténtelo de nuevo.',
    needsScripts: 'Esta página necesita scripts, que su navegador tiene desactivados.',
  },
  fr: {
    yourTrading: 'Votre trading',
    tradingAt: (firm) => `Votre trading chez ${firm}`,
    account: 'Compte',
    closed: 'Comptes fermés',
    signOut: 'Se déconnecter',
    noAccounts: 'Pas encore de compte',
    noAccountsHint: (firm) => `Ils apparaîtront ici dès que ${firm} vous en ouvrira un.`,
    openHint: (hours) =>
      `Le lien sert une fois : la page s’ouvre ici, sur cet appareil, pendant ${hours} heures.`,
    open: 'Ouvrir ma page',
    linkEnded: 'Ce lien a expiré',
    linkEndedHint: (minutes) =>
      `Un lien sert une fois, pendant ${minutes} minutes. Demandez-en un nouveau à l’expéditeur.`,
    signedOut: 'Vous êtes déconnecté',
    signedOutHint: 'Pour voir votre trading, demandez un nouveau lien à votre société.',
    askFirm: (firm) => `Pour revoir votre trading, demandez un nouveau lien à ${firm}.`,
    accountGone: 'Ce compte n’est plus ici',
    accountGoneHint: 'Il n’est plus le vôtre ou a été supprimé depuis l’ouverture de la page.',
    showAccounts: 'Afficher mes comptes',
    unreachable: 'Le serveur est injoignable. Réessayez.',
    needsScripts: 'Cette page a besoin de scripts, que votre navigateur a désactivés.',
  },
  'pt-BR': {
    yourTrading: 'Seu trading',
    tradingAt: (firm) => `Seu trading na ${firm}`,
    account: 'Conta',
    closed: 'Contas encerradas',
    signOut: 'Sair',
    noAccounts: 'Ainda não há contas',
    noAccountsHint: (firm) => `Elas aparecem aqui assim que ${firm} abrir uma para você.`,
    openHint: (hours) =>
      `O link vale uma vez: a página abre aqui, neste aparelho, por ${hours} horas.`,
    open: 'Abrir minha página',
    linkEnded: 'Este link expirou',
    linkEndedHint: (minutes) =>
      `Um link vale uma vez e por ${minutes} minutos. Peça um novo a quem o enviou.`,
    signedOut: 'Você saiu',
    signedOutHint: 'Para ver seu trading, peça um novo link à sua empresa.',
    askFirm: (firm) => `Para ver seu trading de novo, peça um novo link a ${firm}.`,
    accountGone: 'Esta conta não está mais aqui',
    accountGoneHint: 'Ela deixou de ser sua ou foi removida desde que a página foi aberta.',
    showAccounts: 'Mostrar minhas contas',
    unreachable: 'Não foi possível acessar o servidor. Tente de novo.',
    needsScripts: 'Esta página precisa de scripts, que seu navegador desativou.',
  },
  ja: {
    yourTrading: 'あなたのトレード',
    tradingAt: (firm) => `${firm}でのあなたのトレード`,
    account: '口座',
    closed: '閉鎖された口座',
    signOut: 'サインアウト',
    noAccounts: '口座はまだありません',
    noAccountsHint: (firm) => `${firm}が口座を開設すると、ここに表示されます。`,
    openHint: (hours) => `リンクは一度だけ使えます。ページはこの端末で${hours}時間開けます。`,
    open: 'ページを開く',
    linkEnded: 'このリンクは無効です',
    linkEndedHint: (minutes) =>
      `リンクは一度だけ、${minutes}分間使えます。送信元に新しいリンクを依頼してください。`,
    signedOut: 'サインアウトしました',
    signedOutHint: 'トレードを見るには、会社に新しいリンクを依頼してください。',
    askFirm: (firm) => `もう一度見るには、${firm}に新しいリンクを依頼してください。`,
    accountGone: 'この口座はもう表示できません',
    accountGoneHint: 'ページを開いた後に、対象から外れたか削除されました。',
    showAccounts: '口座を表示',
    unreachable: 'サーバーに接続できませんでした。もう一度お試しください。',
    needsScripts: 'このページにはスクリプトが必要ですが、ブラウザで無効になっています。',
  },
  ar: {
    yourTrading: 'تداولاتك',
    tradingAt: (firm) => `تداولاتك لدى ${firm}`,
    account: 'الحساب',
    closed: 'حسابات مغلقة',
    signOut: 'تسجيل الخروج',
    noAccounts: 'لا توجد حسابات بعد',
    noAccountsHint: (firm) => `تظهر هنا بمجرد أن تفتح لك ${firm} حسابًا.`,
    openHint: (hours) =>
      `يعمل الرابط مرة واحدة: تُفتح الصفحة هنا، على هذا الجهاز، لمدة ${hours} ساعة.`,
    open: 'فتح صفحتي',
    linkEnded: 'انتهت صلاحية هذا الرابط',
    linkEndedHint: (minutes) =>
      `يعمل الرابط مرة واحدة ولمدة ${minutes} دقيقة. اطلب رابطًا جديدًا ممن أرسله.`,
    signedOut: 'تم تسجيل خروجك',
    signedOutHint: 'لرؤية تداولاتك، اطلب من شركتك رابطًا جديدًا.',
    askFirm: (firm) => `لرؤية تداولاتك مرة أخرى، اطلب من ${firm} رابطًا جديدًا.`,
    accountGone: 'لم يعد هذا الحساب هنا',
    accountGoneHint: 'لم يعد تابعًا لك أو أُزيل منذ أن فتحت الصفحة.',
    showAccounts: 'عرض حساباتي',
    unreachable: 'تعذّر الوصول إلى الخادم. حاول مرة أخرى.',
    needsScripts: 'تحتاج هذه الصفحة إلى البرامج النصية، وهي معطّلة في متصفحك.',
  },
};

/** The words for a visitor's language (BCP 47), and the language that they are in. */
export function traderWords(visitor: string): TraderWords & { language: TranslatedLanguage } {
  const [own] = visitor.split('-');
  const language =
    translatedLanguages.find((name) => name === visitor) ??
    translatedLanguages.find((name) => name.split('-')[0] === own) ??
    defaultLanguage;
  return { ...tables[language], language };
}
