import axios from 'axios'

/** The only axios of the house. */
export const http = axios.create({ timeout: 15_000, headers: { 'x-jiebang': '1' } })
