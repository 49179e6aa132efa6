/** The dashboard's script, which sets attributes of its widgets as any page could. */
export const dashboardScript = `const widgets = [...document.querySelectorAll('main .grid > *')];
const account = document.getElementById('account');
const theme = document.getElementById('theme');

account.addEventListener('change', () => {
  for (const widget of widgets)
    if (account.value) widget.setAttribute('account-id', account.value);
    else widget.removeAttribute('account-id');
});

for (const button of document.querySelectorAll('[data-period]'))
  button.addEventListener('click', () => {
    for (const other of document.querySelectorAll('[data-period]'))
      other.setAttribute('aria-pressed', String(other === button));
    for (const widget of widgets) widget.setAttribute('period', button.dataset.period);
  });

theme.addEventListener('click', () => {
  const { dataset } = document.documentElement;
  dataset.theme = dataset.theme === 'dark' ? 'light' : 'dark';
  theme.textContent = dataset.theme === 'dark' ? 'Light theme' : 'Dark theme';
  for (const widget of widgets) widget.setAttribute('theme', dataset.theme);
});

document.addEventListener('pt-select', ({ detail }) => {
  if (detail.widget === 'leaderboard') {
    account.value = detail.item.account_id;
    account.dispatchEvent(new Event('change'));
  }
});
`;
