// PouchDB and its express server as a yardstick: reads one command a line, answers one line of JSON each.
// "serve" prints the port; "client URL BATCH" has: fill FILE | push | pull. Both keep their data in the working folder.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import readline from 'node:readline'
import path from 'node:path'

const require = createRequire(path.join(process.cwd(), 'node_modules', 'x'))
const PouchDB = require('pouchdb')
const say = (what) => process.stdout.write(JSON.stringify(what) + '\n')
const [role, url, batch] = process.argv.slice(2)

if (role === 'serve') {
  const app = require('express')()
  const Server = PouchDB.defaults({ prefix: path.join(process.cwd(), 'server-') })
  app.use('/', require('express-pouchdb')(Server, { mode: 'minimumForPouchDB', inMemoryConfig: true }))
  const server = app.listen(0, '127.0.0.1', () => say({ port: server.address().port }))
  server.keepAliveTimeout = 120000
} else {
  const agent = new http.Agent({ keepAlive: true })
  const local = new PouchDB(path.join(process.cwd(), `client-${process.pid}`))
  const far = new PouchDB(url, { fetch: (to, options) => PouchDB.fetch(to, { ...options, agent }) })
  const options = { batch_size: Number(batch), batches_limit: 10 }
  const timed = async (work) => {
    const start = process.hrtime.bigint()
    const done = await work()
    say({ seconds: Number(process.hrtime.bigint() - start) / 1e9, documents: done.docs_written })
  }
  const commands = {
    fill: async (file) => {
      await local.bulkDocs(JSON.parse(readFileSync(file, 'utf8')))
      say({})
    },
    push: () => timed(() => local.replicate.to(far, options)),
    pull: () => timed(() => local.replicate.from(far, options)),
  }
  say({ ready: true })
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [command, argument] = line.split(' ')
    await commands[command](argument)
  }
  process.exit(0)
}
