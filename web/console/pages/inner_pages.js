// All pages except House and SignIn, in one script. It is loaded when one of them is opened, or once House is drawn.
export { ApiPage } from './api_page.jsx';
export { Archive } from './archive.jsx';
export { DeadLetter } from './dead_letter.jsx';
export { DeadLetters } from './dead_letters.jsx';
export { EntityForm } from './entity_form.jsx';
export { EntityList } from './entity_list.jsx';
export { EventLog } from './event_log.jsx';
export { Journey } from './journey.jsx';
export { Now } from './now.jsx';
export { Operations } from './operations.jsx';
export { Publish } from './publish.jsx';
export { Record } from './record.jsx';
export { Requests } from './requests.jsx';
export { Subscription } from './subscription.jsx';
export { Subscriptions } from './subscriptions.jsx';
export { System } from './system.jsx';
