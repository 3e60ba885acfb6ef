using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Patch;

/// <summary>A change that was written down apart from the resource it is for. https://hl7.org/fhir/R4/http.html#patch</summary>
public interface IPatch
{
    /// <summary>The resource with all operations done; 422 with the first one that cannot be done, and then nothing is.</summary>
    /// <param name="budget">What the operations may cost: that of the request which brought the patch.</param>
    Result<ResourceDocument> Apply(ResourceDocument resource, WorkBudget budget);
}
