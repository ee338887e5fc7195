// Starts the UI. Everything it knows about the server it asks the server.
import { mount } from 'svelte';
import App from './App.svelte';
import './styles/tokens.css';
import './styles/base.css';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has an element with the id "app"');
mount(App, { target });
