// The page works without this: it adds buttons that copy, and activity as it happens.

const MOST_ITEMS = 50

for (const field of document.querySelectorAll('.copy')) {
  const [shown] = field.children
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Copy'
  button.setAttribute('aria-label', `Copy ${field.dataset.label}`)
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(shown.textContent)
    button.textContent = 'Copied'
    setTimeout(() => {
      button.textContent = 'Copy'
    }, 1500)
  })
  field.append(button)
}

const list = document.querySelector('#activity ol')
const live = document.querySelector('#live')
let newest = list.dataset.newest
let source

function listen() {
  source = new EventSource(`/-/activity?after=${newest}`)
  source.onopen = tellLive
  source.onmessage = ({ data, lastEventId }) => {
    newest = lastEventId
    // The board's own markup, escaped where it was made.
    list.insertAdjacentHTML('afterbegin', JSON.parse(data))
    while (list.children.length > MOST_ITEMS) list.lastElementChild.remove()
    tellLive()
  }
  source.onerror = () => {
    source.close()
    live.textContent = 'The factory does not answer. This page looks for it again.'
    waitForFactory()
  }
}

function tellLive() {
  live.textContent = list.children.length > 0 ? 'Live, the newest first.' : 'Live: nothing has happened yet.'
}

/** A factory that was started again has a new history. */
function waitForFactory() {
  setTimeout(async () => {
    const answers = await fetch('/-/board.js').then(
      ({ ok }) => ok,
      () => false,
    )
    if (answers) location.reload()
    else waitForFactory()
  }, 1000)
}

// A hidden page gives its connection up: a browser has six per host, and the sign-in pages need some.
document.addEventListener('visibilitychange', () => {
  source?.close()
  if (!document.hidden) listen()
})
if (!document.hidden) listen()
