// Runs before the page is drawn: components show their scripted form at once instead of jumping into it.
document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) {
  document.body.classList.add('govuk-frontend-supported')
}
