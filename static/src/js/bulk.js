// A form around a table with boxes to tick: the bar that says what to do appears once something is ticked, and one more
// box ticks all rows of the page. Without this script the bar is simply there.

export class BulkForm {
  constructor(form) {
    this.form = form
    this.rows = [...form.querySelectorAll('tbody .govuk-checkboxes__input')]
    this.everything = form.querySelector('[name="everything"]')
    this.actions = form.querySelector('.assay-bulk__do')
    this.count = form.querySelector('.assay-bulk__count')
    if (!this.rows.length || !this.actions) return
    this.all = this.addBoxForAll(form.querySelector('.assay-bulk__boxes'))
    form.addEventListener('change', (event) => this.change(event.target))
    // a browser that comes back to the page may have kept the ticks
    window.addEventListener('pageshow', () => this.show())
    this.show()
  }

  addBoxForAll(boxes) {
    const item = document.createElement('div')
    item.className = 'govuk-checkboxes__item'
    const input = document.createElement('input')
    Object.assign(input, { type: 'checkbox', id: 'select-all', className: 'govuk-checkboxes__input' })
    const label = document.createElement('label')
    Object.assign(label, {
      htmlFor: 'select-all',
      className: 'govuk-label govuk-checkboxes__label',
      textContent: this.form.dataset.all
    })
    item.append(input, label)
    boxes.prepend(item)
    return input
  }

  change(box) {
    if (box.type !== 'checkbox') return
    const stands = box === this.all || box === this.everything // for more rows than one
    if (stands) for (const row of this.rows) row.checked = box.checked
    if (this.everything && !box.checked) this.everything.checked = false
    this.show()
  }

  show() {
    const ticked = this.rows.filter((row) => row.checked).length
    const everything = this.everything?.checked ?? false
    this.all.checked = ticked === this.rows.length
    this.actions.hidden = !ticked && !everything
    const { one, many } = this.form.dataset
    this.count.textContent = everything || !ticked ? '' : ticked === 1 ? one : many.replace('{count}', ticked)
  }
}

export function startBulkForms() {
  for (const form of document.querySelectorAll('form[data-module="assay-bulk"]')) new BulkForm(form)
}
