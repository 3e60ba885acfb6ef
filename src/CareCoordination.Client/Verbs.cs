using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;

namespace CareCoordination.Client;

/// <summary>The interactions of R4 that <see cref="FhirClient"/> has no method for, or none that takes a version.</summary>
public static class Verbs
{
    /// <summary>Deletes a resource; with <see cref="CallOptions.IfMatch"/> only the version that is meant.</summary>
    public static async System.Threading.Tasks.Task DeleteAsync(
        this BaseFhirClient client,
        string type,
        string id,
        CallOptions options,
        CancellationToken cancellationToken = default
    )
    {
        using (CallHeaders.Of(options))
            await client.DeleteAsync($"{type}/{id}", cancellationToken);
    }

    /// <summary>Deletes this version of a resource: refused with 412 where the server has another one.</summary>
    public static System.Threading.Tasks.Task DeleteUnchangedAsync(
        this BaseFhirClient client,
        Resource resource,
        CancellationToken cancellationToken = default
    ) => client.DeleteAsync(resource.TypeName, resource.Id!, CallOptions.IfUnchanged(resource), cancellationToken);

    /// <summary>Deletes the one that the criteria find; with <see cref="CallOptions.IfMatch"/> only where it is that version.</summary>
    public static async System.Threading.Tasks.Task DeleteFoundAsync(
        this BaseFhirClient client,
        string type,
        SearchParams criteria,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        using (CallHeaders.Of(options ?? CallOptions.None))
            await client.ConditionalDeleteSingleAsync(criteria, type, ct: cancellationToken);
    }

    /// <summary>Patches the one that the criteria find; with <see cref="CallOptions.IfMatch"/> only where it is that version. A patch is a
    /// FHIRPath Patch. https://hl7.org/fhir/R4/fhirpatch.html</summary>
    public static async System.Threading.Tasks.Task<TResource?> PatchFoundAsync<TResource>(
        this BaseFhirClient client,
        SearchParams criteria,
        Parameters patch,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    )
        where TResource : Resource
    {
        using (CallHeaders.Of(options ?? CallOptions.None))
            return await client.ConditionalPatchAsync<TResource>(criteria, patch, cancellationToken);
    }

    /// <summary>What the compartment of a patient has of a type. https://hl7.org/fhir/R4/compartmentdefinition-patient.html</summary>
    public static async System.Threading.Tasks.Task<Bundle> SearchOfPatientAsync<TResource>(
        this BaseFhirClient client,
        string patient,
        SearchParams? criteria = null,
        CancellationToken cancellationToken = default
    )
        where TResource : Resource
    {
        var type = ModelInfo.GetFhirTypeNameForType(typeof(TResource));
        var query = (criteria ?? new SearchParams()).ToUriParamList().ToQueryString();
        var answer = await client.GetAsync($"Patient/{patient}/{type}?{query}".TrimEnd('?'), cancellationToken);
        return answer as Bundle
            ?? throw new InvalidOperationException(
                $"A search is answered with a Bundle, and this was {answer?.TypeName}."
            );
    }
}
