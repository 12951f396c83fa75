// Every subscription, imported for the root field it adds.
import './subscriptionType.ts';
import './incidentEvents.ts';
import './incidentChanged.ts';
import './incidentEscalated.ts';
import './slaBreached.ts';
import './sessionGateChanged.ts';
import '../bulkAction/bulkActionProgress.ts';
import '../run/runsReported.ts';
