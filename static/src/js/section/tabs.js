// On a narrow screen the text and its preview are two tabs. Styles decide what is narrow.
import { words } from '../audit/words.js'

export function narrowTabs (form, preview) {
  const whole = form.closest('.assay-writing')
  const text = form.closest('.assay-writing__text')
  text.before(words('tabs'))
  const tabs = whole.querySelector('.assay-writing__tabs')
  whole.dataset.showing = 'text'
  tabs.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-show]')
    if (!button) return
    whole.dataset.showing = button.dataset.show
    for (const each of tabs.querySelectorAll('button')) each.setAttribute('aria-pressed', String(each === button))
    if (button.dataset.show === 'preview') preview.refresh()
  })
}
