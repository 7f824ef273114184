// Before the first paint: the theme chosen here, else the system's.
{
  let kept = null
  try { kept = localStorage.getItem('assistant-theme') } catch { /* storage is switched off */ }
  document.documentElement.dataset.theme = kept ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
}
