export declare const Parse: any;
export declare function tryMadeUpChallenge(): Promise<void>;
