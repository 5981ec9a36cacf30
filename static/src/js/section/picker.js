// Finds what can be inserted into a text, and inserts it where the writer was. Without it the list is there to copy from.

export function startPicker (picker, form) {
  const choices = [...picker.querySelectorAll('[data-choice]')]
  let target = form.querySelector('textarea')
  form.addEventListener('focusin', ({ target: field }) => {
    if (field.matches('textarea')) target = field
  })
  for (const choice of choices) choice.append(buttonFor(picker, choice, () => insert(target, choice)))
  startSearch(picker, choices)
}

function buttonFor (picker, choice, press) {
  const button = picker.querySelector('[data-button]').content.firstElementChild.cloneNode(true)
  button.querySelector('span').textContent = ` ${choice.querySelector('.assay-picker__label').textContent}`
  button.addEventListener('click', press)
  return button
}

function insert (field, choice) {
  const reference = choice.querySelector('.assay-picker__reference').textContent
  const before = field.value.slice(0, field.selectionStart)
  const glue = before && !/[\s([“‘*_]$/.test(before) ? ' ' : ''
  field.focus()
  field.setRangeText(glue + reference, field.selectionStart, field.selectionEnd, 'end')
  field.dispatchEvent(new InputEvent('input', { bubbles: true })) // so that it is saved, and previewed
}

function startSearch (picker, choices) {
  picker.querySelector('[data-group]').before(picker.querySelector('[data-search]').content.cloneNode(true))
  const search = picker.querySelector('#picker-search')
  const found = picker.querySelector('#picker-found')
  const sentence = picker.querySelector('[data-found]').innerHTML
  search.addEventListener('input', () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    let count = 0
    for (const choice of choices) {
      const said = (groupOf(choice).querySelector('summary').textContent + choice.textContent).toLowerCase()
      choice.hidden = !words.every((word) => said.includes(word))
      if (!choice.hidden) count += 1
    }
    for (const group of picker.querySelectorAll('[data-group]')) {
      const any = group.querySelector('[data-choice]:not([hidden])')
      group.hidden = !any
      group.open = words.length > 0 && Boolean(any)
    }
    found.textContent = words.length ? sentence.replace('{count}', count) : ''
  })
}

function groupOf (choice) {
  return choice.closest('[data-group]')
}
