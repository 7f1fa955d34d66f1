import { createApp } from 'vue'
import App from './App.vue'
import { begin } from './desk'
import './style.css'

begin()
createApp(App).mount('#window')
