// Words of the page Enrollment.
export default {
  lead: "How devices get under the management of this server.",
};
