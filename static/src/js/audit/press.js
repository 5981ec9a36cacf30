// A press is lost if the page moves a button from under it between down and up. What comes meanwhile waits for its end.
const LONGEST_MILLISECONDS = 5000 // where the end is never told, as after some menus

let ended = Promise.resolve()
let end = () => {}

document.addEventListener('pointerdown', () => {
  end()
  ended = new Promise((resolve) => { end = resolve })
  setTimeout(end, LONGEST_MILLISECONDS)
})
for (const name of ['pointerup', 'pointercancel']) {
  document.addEventListener(name, () => setTimeout(end)) // a click comes right after its pointerup
}

// Resolves once nobody presses anything.
export async function pressEnded () {
  await ended
}
