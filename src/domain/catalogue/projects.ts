import { type AdministrationVerb, happened, nothingHappened } from '../administration/decision.ts';
import { InputCheck } from '../inputCheck.ts';
import { refuseNotFound } from '../refuse.ts';
import { changedName, mergeable, newName, unchangeable } from './naming.ts';

/** Makes a project on purpose; one of the name made on first use is updated instead. */
export const createProject: AdministrationVerb<'createProject'> = (input, { facts: { catalogue } }) => {
  const check = new InputCheck();
  const name = newName(check, 'PROJECT', input.name, catalogue);
  if (check.refusal !== null) return check.refusal;
  return happened({ type: 'PROJECT_CREATED', payload: { projectId: input.made.id, name } });
};

/** Gives a project another name. Its id stays. */
export const updateProject: AdministrationVerb<'updateProject'> = (input, { facts: { catalogue } }) => {
  const { projectId } = input;
  const project = catalogue.project(projectId);
  const refusal = unchangeable('PROJECT', project, 'projectId');
  if (refusal !== null || project === undefined) return refusal ?? noProject;
  const check = new InputCheck();
  const name = changedName(check, 'PROJECT', project, input.name, catalogue);
  if (check.refusal !== null) return check.refusal;
  if (name === undefined) return nothingHappened;
  return happened({ type: 'PROJECT_UPDATED', payload: { projectId, changes: { name } } });
};

const noProject = refuseNotFound('There is no such project in your organization.');

/** Makes a project an alias of another: its name leads there, and its incidents show the other. */
export const mergeProjects: AdministrationVerb<'mergeProjects'> = (input, { facts: { catalogue } }) => {
  const { projectId, intoProjectId } = input;
  const loser = catalogue.project(projectId);
  const fields = { loser: 'projectId', winner: 'intoProjectId' };
  const verdict = mergeable('PROJECT', loser, catalogue.project(intoProjectId), fields);
  if (verdict === 'already') return nothingHappened;
  if (verdict !== 'yes') return verdict;
  return happened({ type: 'PROJECT_MERGED', payload: { projectId, name: loser?.name ?? '', intoProjectId } });
};
