// Module state: sessions are put into this Map and never taken out.
const sessions = new Map();

class Session {
  constructor(token) {
    this.token = token;
    this.user = { name: `user of ${token}`, roles: ['reader', 'writer'] };
    this.visited = [];
  }
}

export function sessionFor(token) {
  let session = sessions.get(token);
  if (!session) sessions.set(token, (session = new Session(token)));
  return session;
}
