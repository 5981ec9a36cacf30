// Shows beside the text what it looks like in the report: the server makes it, a moment after somebody stopped typing.
import { plainWords } from '../audit/words.js'

const AFTER_MILLISECONDS = 800
const PATIENCE_MILLISECONDS = 20_000

export class Preview {
  constructor (form) {
    this.form = form
    this.place = document.querySelector('[data-preview-text]')
    this.turn = 0
    form.addEventListener('input', () => this.soon())
    const button = form.querySelector('button[name=preview]')
    button?.addEventListener('click', (event) => {
      event.preventDefault()
      this.refresh()
      this.place.closest('[data-preview-pane]').scrollIntoView({ block: 'nearest' })
    })
  }

  soon () {
    clearTimeout(this.waiting)
    this.waiting = setTimeout(() => this.refresh(), AFTER_MILLISECONDS)
  }

  async refresh () {
    clearTimeout(this.waiting)
    const turn = ++this.turn
    const html = await this.ask()
    if (turn !== this.turn) return // somebody typed on
    if (html === null) this.place.textContent = plainWords('preview-failed')
    else this.place.innerHTML = html // cleaned by the server
    this.place.dataset.shown = turn
  }

  async ask () {
    try {
      const response = await fetch(this.form.dataset.preview, {
        method: 'POST',
        body: new URLSearchParams([...new FormData(this.form)].filter(([, value]) => typeof value === 'string')),
        headers: { Accept: 'application/json' },
        credentials: 'same-origin',
        redirect: 'manual',
        signal: AbortSignal.timeout(PATIENCE_MILLISECONDS)
      })
      return response.ok ? (await response.json()).html : null
    } catch {
      return null
    }
  }
}
