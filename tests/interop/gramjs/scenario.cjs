// What GramJS, a client of another code base and language, does against the test server.
//
// It talks as the scenarios for Python clients do: JSON lines, the server's data first on standard input.
'use strict'

const assert = require('node:assert/strict')
const { createPublicKey, randomBytes } = require('node:crypto')
const { createRequire } = require('node:module')
const { join } = require('node:path')
const { createInterface } = require('node:readline')

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

let INFO, telegram, events, bigInt

// It calls one port whatever it is told, so its connections are told again.
function connectionOf(kind) {
  const Base = require_('telegram/network')[kind]
  return class extends Base {
    constructor(params) {
      const [ip, port] = INFO.addresses[params.dcId]
      super({ ...params, ip, port })
    }
  }
}

function makeClient() {
  const { Logger, TelegramClient, sessions } = telegram
  const session = new sessions.MemorySession()
  const [host, port] = INFO.addresses[INFO.default_dc]
  session.setDC(INFO.default_dc, host, port)
  return new TelegramClient(session, INFO.api_id, INFO.api_hash, {
    connection: connectionOf(INFO.transport ?? 'ConnectionTCPFull'),
    connectionRetries: 2,
    retryDelay: 100,
    baseLogger: new Logger(INFO.log_level ?? 'none'),
  })
}

// The key exchange, and requests of somebody who is not logged in.
async function stranger(state) {
  const { Api } = telegram
  const user = (state.user = makeClient())
  await user.connect()
  assert.ok(user.connected)
  const config = await user.invoke(new Api.help.GetConfig())
  assert.equal(config.thisDc, INFO.default_dc)
  assert.equal(config.dcOptions.length, Object.keys(INFO.addresses).length)
  const nearest = await user.invoke(new Api.help.GetNearestDc())
  assert.equal(nearest.thisDc, INFO.default_dc)
  await assert.rejects(user.invoke(new Api.account.GetAuthorizations()), /AUTH_KEY_UNREGISTERED/)
}

// A person with phone, code and password; a wrong code and a wrong password come first.
async function log_in({ user }) {
  const { phone } = INFO.user
  const codes = ['00000']
  const passwords = [INFO.user.password, 'wrong']
  const refused = []
  await user.start({
    phoneNumber: phone,
    phoneCode: async () => codes.pop() ?? (await ask({ ask: 'code', phone })).code,
    password: async () => passwords.pop(),
    onError: (error) => void refused.push(error.errorMessage),
  })
  assert.deepEqual(refused, ['PHONE_CODE_INVALID', 'PASSWORD_HASH_INVALID'])
  const me = await user.getMe()
  assert.equal(Number(me.id), INFO.user.id)
  assert.equal(me.firstName, INFO.user.first_name)
}

async function log_in_bot(state) {
  const bot = (state.bot = makeClient())
  await bot.start({ botAuthToken: INFO.bot.token })
  const me = await bot.getMe()
  assert.equal(Number(me.id), INFO.bot.id)
  assert.ok(me.bot)
}

// Ten messages, ten updates at the other end, ten answers.
async function ten_messages({ user, bot }) {
  const { NewMessage } = events
  const heard = []
  const answers = []
  const echo = async ({ message }) => {
    heard.push(message.message)
    await message.reply({ message: `echo ${message.message}` })
  }
  const answered = ({ message }) => void answers.push(message.message)
  const [incoming, own] = [new NewMessage({ incoming: true }), new NewMessage({ incoming: true })]
  bot.addEventHandler(echo, incoming)
  user.addEventHandler(answered, own)
  const numbers = [...Array(10).keys()].map((n) => `number ${n}`)
  for (const message of numbers) {
    const sent = await user.sendMessage(INFO.bot.username, { message })
    assert.equal(sent.message, message)
  }
  await waitFor(
    () => heard.length >= 10 && answers.length >= 10,
    () => `${heard.length} heard, ${answers.length} answered`,
  )
  assert.deepEqual(heard.sort(), numbers)
  assert.deepEqual(answers.sort(), numbers.map((text) => `echo ${text}`))
  bot.removeEventHandler(echo, incoming)
  user.removeEventHandler(answered, own)
}

async function history({ user }) {
  const texts = []
  for await (const message of user.iterMessages(INFO.bot.username, { limit: 50 })) texts.push(message.message)
  assert.equal(texts.filter((text) => text.startsWith('number')).length, 10)
  assert.equal(texts.filter((text) => text.startsWith('echo')).length, 10)
  const dialogs = await user.getDialogs()
  assert.ok(dialogs.some((dialog) => dialog.entity.username === INFO.bot.username))
}

async function edit_and_delete({ user }) {
  const sent = await user.sendMessage('me', { message: 'before' })
  const changed = await user.editMessage('me', { message: sent.id, text: 'after **bold**' })
  assert.equal(changed.message, 'after bold')
  assert.equal(changed.entities[0].className, 'MessageEntityBold')
  await user.deleteMessages('me', [sent.id], {})
  const [gone] = await user.getMessages('me', { ids: sent.id })
  assert.equal(gone, undefined)
}

async function button({ user, bot }) {
  const { Api } = telegram
  const { CallbackQuery, NewMessage } = events
  const got = []
  const pressed = []
  user.addEventHandler(({ message }) => void got.push(message), new NewMessage({ incoming: true }))
  bot.addEventHandler(async (event) => {
    pressed.push(event.data.toString())
    await event.answer({ message: 'you said yes', alert: true })
  }, new CallbackQuery({}))
  await bot.sendMessage(INFO.user.username, {
    message: 'choose',
    buttons: [[new Api.KeyboardButtonCallback({ text: 'Yes', data: Buffer.from('yes') })]],
  })
  await waitFor(() => got.length, () => 'no button')
  const markup = got[0].replyMarkup
  assert.equal(markup.className, 'ReplyInlineMarkup')
  const [only] = markup.rows[0].buttons
  assert.equal(only.className, 'KeyboardButtonCallback')
  assert.equal(only.text, 'Yes')
  const answer = await user.invoke(
    new Api.messages.GetBotCallbackAnswer({ peer: INFO.bot.username, msgId: got[0].id, data: only.data }),
  )
  assert.equal(answer.message, 'you said yes')
  assert.deepEqual(pressed, ['yes'])
}

async function file({ user, bot }) {
  const { CustomFile } = require_('telegram/client/uploads')
  const { NewMessage } = events
  const content = randomBytes(300 * 1024 + 77)
  const got = []
  const handler = ({ message }) => void got.push(message)
  bot.addEventHandler(handler, new NewMessage({ incoming: true }))
  const sent = await user.sendFile(INFO.bot.username, {
    file: new CustomFile('data.bin', content.length, '', content),
    forceDocument: true,
    caption: 'a file',
  })
  assert.equal(Number(sent.media.document.size), content.length)
  assert.ok(content.equals(await user.downloadMedia(sent, {})))
  await waitFor(() => got.length, () => 'no file')
  assert.equal(got[0].message, 'a file')
  assert.ok(content.equals(await bot.downloadMedia(got[0], {})))
}

// Somebody whose account lives elsewhere: the server sends the client there.
async function elsewhere(state) {
  const { NewMessage } = events
  const other = (state.other = makeClient())
  const { phone } = INFO.other
  await other.start({
    phoneNumber: phone,
    phoneCode: async () => (await ask({ ask: 'code', phone })).code,
    onError: () => true,
  })
  assert.equal(other.session.dcId, INFO.other.dc_id)
  assert.equal(Number((await other.getMe()).id), INFO.other.id)
  const got = []
  other.addEventHandler(({ message }) => void got.push(message.message), new NewMessage({ incoming: true }))
  await state.user.sendMessage(INFO.other.username, { message: 'hello over there' })
  await waitFor(() => got.length, () => 'no message')
  assert.deepEqual(got, ['hello over there'])
}

// Joining is answered in another form in its layer than in that of the server.
async function channel({ user, other }) {
  const { Api } = telegram
  const { NewMessage } = events
  const made = await user.invoke(new Api.channels.CreateChannel({ title: 'News', about: 'all of it', broadcast: true }))
  const [news] = made.chats
  await user.invoke(new Api.channels.UpdateUsername({ channel: news, username: 'gramjs_news' }))
  await user.sendMessage(news, { message: 'first post' })
  const joined = await other.invoke(new Api.channels.JoinChannel({ channel: 'gramjs_news' }))
  assert.equal(joined.className, 'Updates')
  const got = []
  other.addEventHandler(({ message }) => void got.push(message.message), new NewMessage({}))
  await user.sendMessage(news, { message: 'second post' })
  await waitFor(() => got.length, () => 'no post')
  assert.deepEqual(got, ['second post'])
  const posts = await other.getMessages('gramjs_news', { limit: 10 })
  assert.ok(posts.some((post) => post.message === 'first post'))
  const members = await user.getParticipants(news, {})
  assert.deepEqual([...members].map((one) => Number(one.id)).sort(), [INFO.user.id, INFO.other.id].sort())
  const full = await user.invoke(new Api.channels.GetFullChannel({ channel: news }))
  assert.equal(full.fullChat.participantsCount, 2)
}

const STEPS = [
  stranger,
  log_in,
  log_in_bot,
  ten_messages,
  history,
  edit_and_delete,
  button,
  file,
  elsewhere,
  channel,
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
    const [, place] = /scenario\.cjs:(\d+)/.exec(error.stack ?? '') ?? []
    say({ step: step.name, ok: false, detail: `line ${place}: ${error.name}: ${error.message}` })
    return false
  } finally {
    clearTimeout(timer)
  }
}

let require_

async function main() {
  INFO = await hear()
  // The package is not where this file is.
  require_ = createRequire(join(INFO.modules, 'index.js'))
  telegram = require_('telegram')
  bigInt = require_('big-integer')
  events = { ...require_('telegram/events'), ...require_('telegram/events/CallbackQuery') }
  const { _serverKeys } = require_('telegram/crypto/RSA')
  const { n } = createPublicKey(INFO.public_key_pem).export({ format: 'jwk' })
  const modulus = bigInt(Buffer.from(n, 'base64url').toString('hex'), 16)
  _serverKeys.set(INFO.fingerprint, { n: modulus, e: 65537 })
  say({ step: 'version', ok: true, detail: telegram.version })
  const state = {}
  let failed = 0
  try {
    for (const step of STEPS) {
      if (INFO.without?.includes(step.name) || (await play(step, state))) continue
      failed += 1
      if (STEPS.indexOf(step) < 3) break
    }
  } finally {
    for (const client of Object.values(state)) await client.destroy()
  }
  say({ done: true, failed })
  process.exitCode = failed ? 1 : 0
}

main()
  .catch((error) => {
    process.stderr.write(`${error.stack}\n`)
    process.exitCode = 1
  })
  // It keeps the connections it used for files for another half a minute.
  .finally(() => process.exit())
