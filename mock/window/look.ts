import type { Simulator } from '../wecom/simulator'
import type { AppMessage as Received } from '../wecom/state'
import { chatRows, companyName, customerName, lines, person } from './corp'
import type { Desk } from './desk'
import { faultList, strangeFaults } from './faults'
import { questionList } from './questions'
import type { Room, Wills } from './room'
import { story } from './story'
import type { AppMessage, Phone, View } from './view'
import { wire } from './wire'

/** What one desk shows at this moment. */
export function look({ simulator, talk, menu, wills }: Room, desk: Desk): View {
  const { world, clock } = simulator
  const member = world.member(desk.member)
  if (!member) throw new Error(`nobody is called ${desk.member}`)
  const me = person(simulator, member)
  const appMessages = world.appMessages(desk.member).map(received)
  return {
    now: clock.now(),
    company: companyName(simulator),
    me: { ...me, followsCustomers: member.followsCustomers },
    members: [...world.members(), ...world.departed()].map((m) => person(simulator, m)),
    entry: desk.entry,
    customer: desk.customer,
    chat: desk.chat,
    frame: { path: desk.entry === 'workbench' ? desk.workbench : '/sidebar', turn: desk.turn },
    bridge: desk.bridge,
    version: desk.version,
    permitted: desk.permitted,
    failing: desk.failing,
    webview: desk.webview,
    confirm: desk.confirm,
    language: desk.language,
    rows: me.gone ? [] : chatRows(simulator, desk.member, talk.lines),
    lines: desk.entry === 'group' ? talk.lines(desk.chat) : lines(simulator, desk.member, desk.customer),
    appMessages,
    unread: appMessages.filter((m) => m.at > (desk.readAt.get(desk.member) ?? 0)).length,
    mass: world.massTasks(desk.member).map(({ msgid, receivers, content }) => ({
      ...{ msgid, text: content },
      to: Object.keys(receivers)
        .map((id) => customerName(simulator, id))
        .join('、'),
    })),
    phone: phone(simulator, wills, desk),
    asking: desk.asking ? { id: desk.asking.id, to: desk.asking.to, message: desk.asking.message } : null,
    hint: desk.hint,
    wire: wire(simulator, desk),
    faults: faultList(simulator, menu),
    otherFaults: strangeFaults(simulator, menu),
    questions: questionList(simulator),
    story: story(simulator, desk),
  }
}

function phone(simulator: Simulator, wills: Wills, desk: Desk): Phone {
  const { world } = simulator
  const id = desk.customer
  const friends = world.relations({ externalUserid: id }).map((r) => r.userid)
  const spoken = [...world.members(), ...world.departed()].map((m) => m.userid).filter((u) => world.chat(u, id).length)
  const threads = [...new Set([...friends, ...spoken])].map((userid) => {
    const member = world.member(userid)
    const friend = friends.includes(userid) && member?.dimissionTime === null
    return { userid, name: member?.name ?? userid, friend, lines: lines(simulator, userid, id) }
  })
  const notices = world
    .serviceNotices(id)
    .map((n) => ({ at: n.at * 1000, state: n.state, text: n.text, successor: n.takeover.name }))
  return { name: customerName(simulator, id), will: wills.get(id) ?? 'silent', path: desk.phone, threads, notices }
}

/** Titles and texts of `message/send` are shown plain: the little markup WeCom allows is dropped. */
function received({ msgid, at, msgtype, body }: Received): AppMessage {
  if (msgtype === 'template_card') return receivedCard(msgid, at, body)
  const word = (name: string): string => wordIn(body, name)
  const url = word('url') || null
  const text = plain(word('description') || word('content'))
  return {
    id: msgid,
    at,
    title: plain(word('title')) || (msgtype === 'text' ? '' : msgtype),
    text,
    url,
    button: word('btntxt'),
    card: null,
  }
}

const wordIn = (body: unknown, name: string): string => {
  const value = (body as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}
const partsIn = (body: Record<string, unknown>, name: string): unknown[] =>
  Array.isArray(body[name]) ? (body[name] as unknown[]) : []
const plain = (text: string): string =>
  text
    .replace(/<br\s*\/?>|<\/div>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .trim()

function receivedCard(id: string, at: number, body: Record<string, unknown>): AppMessage {
  const title = body['main_title']
  return {
    ...{ id, at, title: wordIn(title, 'title'), text: wordIn(title, 'desc'), button: '' },
    url: wordIn(body['card_action'], 'url') || null,
    card: {
      task: wordIn(body, 'task_id'),
      source: wordIn(body['source'], 'desc'),
      note: wordIn(body, 'sub_title_text'),
      lines: partsIn(body, 'horizontal_content_list').map((line) => ({
        name: wordIn(line, 'keyname'),
        value: wordIn(line, 'value'),
      })),
      buttons: partsIn(body, 'button_list').map((button) => ({
        text: wordIn(button, 'text'),
        url: wordIn(button, 'url') || null,
        key: wordIn(button, 'key') || null,
      })),
      grey: wordIn(body, 'replace_text') || null,
    },
  }
}
