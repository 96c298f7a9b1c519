// Shows an error of the console itself in place of the page; the navigation stays usable.
import { Component } from 'preact';

import { Problem } from './problem.jsx';

export class ErrorBoundary extends Component {
  static getDerivedStateFromError(error) {
    return { error };
  }

  componentDidCatch(error) {
    console.error(error);
  }

  render({ children }, { error }) {
    return error ? <Problem error={{ title: 'This page has an error', detail: String(error.message ?? error) }} /> : children;
  }
}
