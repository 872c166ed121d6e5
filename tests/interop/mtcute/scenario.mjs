// What mtcute, a client of another code base and language, does against the test server.
//
// It talks as the scenarios for Python clients do: JSON lines, the server's data first on standard input.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')
const hear = async () => JSON.parse((await lines.next()).value)
const ask = async (question) => {
  say(question)
  return hear()
}

async function waitFor(condition, what, seconds = 15) {
  for (let n = 0; n < seconds * 50; n++) {
    if (condition()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`it did not happen in time: ${what()}`)
}

let INFO, mtcute

function makeClient() {
  const { TelegramClient, MemoryStorage } = mtcute
  const [ipAddress, port] = INFO.addresses[INFO.default_dc]
  const dc = { ipAddress, port, id: INFO.default_dc }
  const client = new TelegramClient({
    apiId: INFO.api_id,
    apiHash: INFO.api_hash,
    storage: new MemoryStorage(),
    defaultDcs: { main: dc, media: dc },
    logLevel: INFO.log_level ?? 1,
    network: { floodControl: false, usePfs: Boolean(INFO.pfs) },
  })
  client.log.mgr.handler = (color, level, tag, format, args) =>
    process.stderr.write(`${(performance.now() / 1000).toFixed(3)} ${tag}: ${[format, ...args].map(String).join(' ')}\n`)
  return client
}

// A person with phone, code and password; a wrong code and a wrong password come first.
async function log_in(state) {
  const user = (state.user = makeClient())
  const phone = INFO.user.phone
  const refused = []
  const codes = ['00000']
  const passwords = [INFO.user.password, 'wrong']
  const me = await user.start({
    phone,
    code: async () => codes.pop() ?? (await ask({ ask: 'code', phone })).code,
    password: async () => passwords.pop(),
    invalidCodeCallback: (kind) => void refused.push(kind),
    codeSentCallback: () => {},
  })
  assert.deepEqual(refused, ['code', 'password'])
  assert.equal(me.id, INFO.user.id)
  assert.equal((await user.getMe()).firstName, INFO.user.first_name)
}

async function log_in_bot(state) {
  const bot = (state.bot = makeClient())
  const me = await bot.start({ botToken: INFO.bot.token })
  assert.equal(me.id, INFO.bot.id)
  assert.ok((await bot.getMe()).isBot)
}

// Twenty messages, twenty updates at the other end, twenty answers.
async function twenty_messages({ user, bot }) {
  const heard = []
  const answers = []
  const echo = async (message) => {
    heard.push(message.text)
    await bot.sendText(message.chat, `echo ${message.text}`, { replyTo: message.id })
  }
  const answered = (message) => {
    if (!message.isOutgoing) answers.push(message.text)
  }
  bot.onNewMessage.add(echo)
  user.onNewMessage.add(answered)
  const numbers = [...Array(20).keys()].map((n) => `number ${n}`)
  for (const text of numbers) {
    const sent = await user.sendText(INFO.bot.username, text)
    assert.equal(sent.text, text)
  }
  await waitFor(
    () => heard.length >= 20 && answers.length >= 20,
    () => `${heard.length} heard, ${answers.length} answered`,
  )
  assert.deepEqual(heard, numbers)
  assert.deepEqual(answers.sort(), numbers.map((text) => `echo ${text}`).sort())
  bot.onNewMessage.remove(echo)
  user.onNewMessage.remove(answered)
}

async function history({ user }) {
  const texts = []
  for await (const message of user.iterHistory(INFO.bot.username, { chunkSize: 7 })) texts.push(message.text)
  assert.equal(texts.filter((text) => text.startsWith('number')).length, 20)
  assert.equal(texts.filter((text) => text.startsWith('echo')).length, 20)
  const names = []
  for await (const dialog of user.iterDialogs()) names.push(dialog.peer.username)
  assert.ok(names.includes(INFO.bot.username))
}

// What one changes or deletes, the other one is told.
async function edit_and_delete({ user, bot }) {
  const edited = []
  const deleted = []
  const got = []
  const onNew = (message) => void got.push(message)
  const onEdit = (message) => void edited.push(message.text)
  const onDelete = (update) => void deleted.push(...update.messageIds)
  bot.onNewMessage.add(onNew)
  bot.onEditMessage.add(onEdit)
  bot.onDeleteMessage.add(onDelete)
  const sent = await user.sendText(INFO.bot.username, 'before')
  await waitFor(() => got.length, () => 'no message')
  const changed = await user.editMessage({ message: sent, text: 'after' })
  assert.equal(changed.text, 'after')
  await waitFor(() => edited.length, () => 'no edit')
  assert.deepEqual(edited, ['after'])
  await user.deleteMessages([sent])
  assert.deepEqual(await user.getMessages(INFO.bot.username, sent.id), [null])
  await waitFor(() => deleted.length, () => 'no deletion')
  assert.deepEqual(deleted, [got[0].id])
  bot.onNewMessage.remove(onNew)
  bot.onEditMessage.remove(onEdit)
  bot.onDeleteMessage.remove(onDelete)
}

async function button({ user, bot }) {
  const { BotKeyboard } = mtcute
  const got = []
  const pressed = []
  user.onNewMessage.add((message) => void got.push(message))
  bot.onCallbackQuery.add(async (query) => {
    pressed.push(query.dataStr)
    await bot.answerCallbackQuery(query, { text: `you said ${query.dataStr}`, alert: true })
  })
  await bot.sendText(await bot.resolvePeer(INFO.user.id), 'choose', {
    replyMarkup: BotKeyboard.inline([
      [BotKeyboard.callback('Yes', 'yes'), BotKeyboard.callback('No', 'no')],
      [BotKeyboard.url('Read', 'https://example.com')],
    ]),
  })
  await waitFor(() => got.length, () => 'no buttons')
  const { markup } = got[0]
  assert.equal(markup.type, 'inline')
  assert.deepEqual(markup.buttons.map((row) => row.map((one) => one.text)), [['Yes', 'No'], ['Read']])
  const answer = await user.getCallbackAnswer({ message: got[0], data: markup.buttons[0][0].data })
  assert.equal(answer.message, 'you said yes')
  assert.ok(answer.alert)
  assert.deepEqual(pressed, ['yes'])
}

// 1 MB up and down again, by both ends.
async function file({ user, bot }) {
  const { InputMedia } = mtcute
  const content = randomBytes(1024 * 1024 + 77)
  const got = []
  bot.onNewMessage.add((message) => void got.push(message))
  const sent = await user.sendMedia(
    INFO.bot.username,
    InputMedia.document(content, { fileName: 'data.bin', caption: 'a file' }),
  )
  assert.equal(sent.media.type, 'document')
  assert.equal(sent.media.fileName, 'data.bin')
  assert.equal(sent.media.fileSize, content.length)
  assert.ok(content.equals(Buffer.from(await user.downloadAsBuffer(sent.media))))
  await waitFor(() => got.length, () => 'no file')
  assert.equal(got[0].text, 'a file')
  assert.ok(content.equals(Buffer.from(await bot.downloadAsBuffer(got[0].media))))
}

// Somebody whose account lives elsewhere: the server sends the client there.
async function elsewhere(state) {
  const other = (state.other = makeClient())
  const { phone } = INFO.other
  const me = await other.start({
    phone,
    code: async () => (await ask({ ask: 'code', phone })).code,
    codeSentCallback: () => {},
  })
  assert.equal(me.id, INFO.other.id)
  const got = []
  other.onNewMessage.add((message) => void got.push(message.text))
  await state.user.sendText(INFO.other.username, 'hello over there')
  try {
    await waitFor(() => got.length, () => 'no message', 1)
  } catch {
    // It drops what comes before it has begun to follow updates, and fetches that when the next one shows the gap.
    await state.user.sendText(INFO.other.username, 'are you there?')
    await waitFor(() => got.length > 1, () => 'no message')
  }
  assert.equal(got[0], 'hello over there')
}

async function channel({ user, other }) {
  const made = await user.createChannel({ title: 'News', description: 'all of it' })
  await user.setChatUsername(made, 'mtcute_news')
  await user.sendText(made, 'first post')
  await other.joinChat('mtcute_news')
  const got = []
  other.onNewMessage.add((message) => void got.push(message.text))
  await user.sendText(made, 'second post')
  await waitFor(() => got.length, () => 'no post')
  assert.equal(got.at(-1), 'second post')
  const posts = await other.getHistory('mtcute_news')
  assert.ok(posts.map((post) => post.text).includes('first post'))
  const members = await user.getChatMembers(made)
  assert.deepEqual(members.map((one) => one.user.id).sort(), [INFO.user.id, INFO.other.id].sort())
  await other.leaveChat('mtcute_news')
}

// The server hangs up when somebody logs out; the client calls again and is a stranger.
async function log_out({ bot }) {
  await bot.logOut()
  await assert.rejects(bot.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] }), /AUTH_KEY_UNREGISTERED/)
}

const STEPS = [
  log_in,
  log_in_bot,
  twenty_messages,
  history,
  edit_and_delete,
  button,
  file,
  elsewhere,
  channel,
  log_out,
]

async function play(step, state) {
  let timer
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('it took too long')), 20_000)
  })
  try {
    await Promise.race([step(state), limit])
    say({ step: step.name, ok: true })
    return true
  } catch (error) {
    const [, place] = /scenario\.mjs:(\d+)/.exec(error.stack ?? '') ?? []
    say({ step: step.name, ok: false, detail: `line ${place}: ${error.name}: ${error.message}` })
    return false
  } finally {
    clearTimeout(timer)
  }
}

async function main() {
  INFO = await hear()
  // The packages are not where this file is, so they are named by their place.
  const place = (path) => join(INFO.modules, 'node_modules', '@mtcute', path)
  const load = (path) => import(pathToFileURL(place(path)))
  mtcute = await load('node/index.js')
  const { NodeCryptoProvider } = await load('node/utils.js')
  const { addPublicKey } = await load('core/utils.js')
  const crypto = new NodeCryptoProvider()
  await crypto.initialize()
  addPublicKey(crypto, INFO.public_key_pem)
  const { version } = JSON.parse(readFileSync(place('node/package.json')))
  say({ step: 'version', ok: true, detail: version })
  const state = {}
  let failed = 0
  try {
    for (const step of STEPS) {
      if (INFO.without?.includes(step.name) || (await play(step, state))) continue
      failed += 1
      if (STEPS.indexOf(step) < 2) break
    }
  } finally {
    for (const client of Object.values(state)) await client.destroy()
  }
  say({ done: true, failed })
  process.exitCode = failed ? 1 : 0
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error.stack}\n`)
  process.exitCode = 1
}
// Nothing else may keep the process alive: it has to end by itself. Only with temporary keys the client leaves a timer.
process.stdin.destroy()
if (INFO?.pfs) process.exit()
